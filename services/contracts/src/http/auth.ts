import { z } from "zod";
import { roleSchema } from "../identity.ts";
import { keySetSchema } from "../key-set.ts";
import { operation, type Operation } from "../operation.ts";
import { personNameSchema, phoneSchema } from "../person.ts";
import { idSchema } from "../primitives.ts";

/** Addresses are kept and compared in lower case: nobody means two accounts by `A@x` and `a@x`. 254 by RFC 5321. */
const emailSchema = z.string().max(254).trim().toLowerCase().pipe(z.email());

/** Long enough to resist guessing (NIST SP 800-63B), short enough that hashing a body of junk costs nothing. */
const passwordSchema = z.string().min(8).max(128);

/** 32 random bytes in base64url are 43 characters; the limit only keeps junk away from the hash. */
const refreshTokenSchema = z.string().min(1).max(128);

const tokensSchema = z.object({
  accessToken: z.string().describe("JWT (EdDSA) for the Authorization header"),
  refreshToken: z.string().describe("opaque, works once"),
  tokenType: z.literal("Bearer"),
  expiresIn: z.int().describe("seconds until the access token expires"),
  user: z.object({ id: idSchema, name: z.string(), role: roleSchema }),
});
export type Tokens = z.infer<typeof tokensSchema>;

export const register = operation({
  operationId: "register",
  method: "post",
  path: "/api/auth/register",
  summary: "Open an account",
  access: "public",
  body: z.object({
    name: personNameSchema,
    email: emailSchema,
    phone: phoneSchema,
    password: passwordSchema,
  }),
  responses: {
    201: { description: "The account is open", schema: z.object({ userId: idSchema }) },
  },
  problems: ["email_taken", "dependency_unavailable"],
});

export const login = operation({
  operationId: "login",
  method: "post",
  path: "/api/auth/login",
  summary: "Sign in with email address and password",
  description:
    "After five failures for one account from one address within 15 minutes both are refused together for " +
    "15 minutes, even with the right password.",
  access: "public",
  body: z.object({ email: emailSchema, password: z.string().min(1).max(128) }),
  responses: { 200: { description: "Signed in", schema: tokensSchema } },
  problems: ["invalid_credentials", "account_locked", "dependency_unavailable"],
});

export const refreshToken = operation({
  operationId: "refreshToken",
  method: "post",
  path: "/api/auth/refresh-token",
  summary: "Exchange a refresh token for new tokens",
  description:
    "Each refresh token works once. Using one a second time revokes every token that came from the same login.",
  access: "public",
  body: z.object({ refreshToken: refreshTokenSchema }),
  responses: { 200: { description: "New tokens", schema: tokensSchema } },
  problems: ["invalid_refresh_token", "dependency_unavailable"],
});

export const logout = operation({
  operationId: "logout",
  method: "post",
  path: "/api/auth/logout",
  summary: "End the session that a refresh token belongs to",
  description: "Answers the same for a token that is unknown. Access tokens end by themselves.",
  access: "public",
  body: z.object({ refreshToken: refreshTokenSchema }),
  responses: { 204: { description: "The session is over" } },
  problems: ["dependency_unavailable"],
});

/** Inside the cluster: the gateway routes only `/api`. */
export const jwks = operation({
  operationId: "jwks",
  method: "get",
  path: "/.well-known/jwks.json",
  summary: "Public keys of the access tokens",
  access: "public",
  responses: { 200: { description: "A JSON Web Key Set (RFC 7517)", schema: keySetSchema } },
  problems: ["dependency_unavailable"],
});

export const operations: readonly Operation[] = [register, login, refreshToken, logout, jwks];
