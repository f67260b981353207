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
  SEAT_RESERVATION_SERVICE_URL: z.url(),
  PAYMENT_SERVICE_URL: z.url(),
  PAYMENT_DEADLINE_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  /** Tries after the first one; how long they take is the delay queues' business. */
  PAYMENT_MAX_RETRIES: z.coerce.number().int().min(0).max(10).default(3),
  IDEMPOTENCY_TTL_SECONDS: z.coerce.number().int().min(60).max(2_592_000).default(86_400),
  IDEMPOTENCY_LOCK_SECONDS: z.coerce.number().int().min(5).max(300).default(30),
});
export type Config = z.infer<typeof configSchema>;
