import {
  baseConfig,
  databaseConfig,
  rabbitConfig,
  redisConfig,
} from "@jatra/common/config/base-config.ts";
import { z } from "zod";

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...redisConfig,
  ...rabbitConfig,
  PORT: baseConfig.PORT.default(3004),
  SERVICE_NAME: baseConfig.SERVICE_NAME.default("payment-service"),
  BOOKING_SERVICE_URL: z.url(),
  PAYMENT_PROVIDER: z.enum(["simulator", "sslcommerz"]).default("simulator"),
  /** API key; for SSLCommerz `<store id>:<store password>`. */
  PAYMENT_PROVIDER_KEY: z.string().min(8),
  /** HMAC secret of the simulator's webhooks; SSLCommerz signs with the store password instead. */
  PAYMENT_WEBHOOK_SECRET: z.string().min(8),
  PAYMENT_SIMULATOR_URL: z.url().default("http://payment-simulator:3012"),
  SSLCOMMERZ_URL: z.url().default("https://securepay.sslcommerz.com"),
  /** Where payers and the provider's notifications reach the gateway. */
  PUBLIC_URL: z.url().default("http://localhost:30000"),
  PAYMENT_MAX_RETRIES: z.coerce.number().int().min(0).max(10).default(3),
  IDEMPOTENCY_TTL_SECONDS: z.coerce.number().int().min(60).default(86_400),
  IDEMPOTENCY_LOCK_SECONDS: z.coerce.number().int().min(5).default(30),
});
export type Config = z.infer<typeof configSchema>;
