import { z } from "zod";

export const roleSchema = z.enum(["customer", "staff", "admin"]);
export type Role = z.infer<typeof roleSchema>;

/** Who is asking, as the gateway verified it (header `X-Jatra-Identity`). */
export const identitySchema = z.object({
  userId: z.string().min(1).max(64),
  role: roleSchema,
  name: z.string().max(200),
  email: z.string().max(254),
});
export type Identity = z.infer<typeof identitySchema>;

export const identityHeader = "x-jatra-identity";
export const requestIdHeader = "x-request-id";
/** `iss` and `aud` of the two kinds of JWT; docs/architecture.md, «Identity». */
export const identityToken = { issuer: "jatra-gateway", audience: "jatra-services" } as const;
export const accessToken = { issuer: "jatra-auth", audience: "jatra" } as const;

/**
 * The client's address as the gateway saw it, signed like an identity but for another audience (so that it can't
 * pass for one). Sent on routes of auth only, for its lock-out: a plain X-Forwarded-For could come from any pod.
 */
export const clientAddressHeader = "x-jatra-client-address";
export const clientAddressToken = {
  issuer: "jatra-gateway",
  audience: "jatra-client-address",
} as const;
