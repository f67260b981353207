import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...rabbitConfig,
  /** PKCS#8 DER of an Ed25519 key. */
  TICKET_SIGNING_KEY: z.base64(),
});
export type Config = z.infer<typeof configSchema>;
