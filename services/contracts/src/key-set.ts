import { z } from "zod";

/** A public key as a JSON Web Key (RFC 7517); ours are Ed25519 and for signatures. */
export const publicKeySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  kid: z.string(),
  alg: z.literal("EdDSA"),
  use: z.literal("sig"),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/** Public keys as a JSON Web Key Set. */
export const keySetSchema = z.object({ keys: z.array(publicKeySchema) });
export type KeySet = z.infer<typeof keySetSchema>;
