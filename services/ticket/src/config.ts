import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...rabbitConfig,
  /** PKCS#8 DER of an Ed25519 key. */
  TICKET_SIGNING_KEY: z.base64(),
  /** Public keys whose tickets are good as well: each the `x` that `GET /api/tickets/keys` shows, commas between them. */
  TICKET_FURTHER_KEYS: z
    .string()
    .regex(/^(?:[\w-]{43}(?:,[\w-]{43})*)?$/, "must be a list of Ed25519 keys")
    .default("")
    .transform((list) => list.split(",").filter(Boolean)),
});
export type Config = z.infer<typeof configSchema>;
