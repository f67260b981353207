import {
  baseConfig,
  databaseConfig,
  rabbitConfig,
  redisConfig,
} from "@jatra/common/config/base-config.ts";
import { z } from "zod";

/** A day; whoever wants to hold seats longer has sold them. */
const SECONDS_MAX = 86_400;

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...redisConfig,
  ...rabbitConfig,
  SCHEDULE_SERVICE_URL: z.url(),
  BOOKING_SERVICE_URL: z.url(),
  SEAT_LOCK_TTL_SECONDS: z.coerce.number().int().min(1).max(SECONDS_MAX).default(600),
  SEAT_LOCK_MAX_SEATS: z.coerce.number().int().min(1).max(16).default(4),
  /** Three times the default TTL: one hold and two extensions. */
  SEAT_LOCK_MAX_HOLD_SECONDS: z.coerce.number().int().min(1).max(SECONDS_MAX).default(1_800),
  IDEMPOTENCY_TTL_SECONDS: z.coerce.number().int().min(60).default(86_400),
  IDEMPOTENCY_LOCK_SECONDS: z.coerce.number().int().min(1).default(30),
  GUEST_HOLDS: z.stringbool().default(false),
});
export type Config = z.infer<typeof configSchema>;
