import { z } from "zod";
import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";

const WRAPPING_KEY_BYTES = 32;

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...rabbitConfig,
  KEY_ENCRYPTION_KEY: z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((key) => key.length === WRAPPING_KEY_BYTES, "must be 32 bytes"),
  ADMIN_EMAIL: z.email(),
  ADMIN_PASSWORD: z.string().min(8),
});
export type Config = z.infer<typeof configSchema>;
