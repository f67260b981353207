import { baseConfig, databaseConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

/** A provider stands outside the platform: it knows neither its identities nor its internal token. */
export const configSchema = z.object({
  SERVICE_NAME: baseConfig.SERVICE_NAME.default("payment-simulator"),
  PORT: baseConfig.PORT.default(3012),
  LOG_LEVEL: baseConfig.LOG_LEVEL,
  ...databaseConfig,
  PAYMENT_PROVIDER_KEY: z.string().min(8),
  PAYMENT_WEBHOOK_SECRET: z.string().min(8),
  PAYMENT_SERVICE_URL: z.url(),
  /** What a charge or refund takes; real ones answer in some 50 to 3,000 ms. */
  PROVIDER_DELAY_MS: z.coerce.number().int().min(0).max(60_000).default(50),
});
export type Config = z.infer<typeof configSchema>;
