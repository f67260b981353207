import { baseConfig, databaseConfig } from "@jatra/common/config/base-config.ts";
import type { ServiceName } from "@jatra/contracts/service-names.ts";
import { z } from "zod";

/** docs/architecture.md, «Environment of a service». */
export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  API_GATEWAY_URL: z.url(),
  AUTH_SERVICE_URL: z.url(),
  SCHEDULE_SERVICE_URL: z.url(),
  SEAT_RESERVATION_SERVICE_URL: z.url(),
  PAYMENT_SERVICE_URL: z.url(),
  BOOKING_SERVICE_URL: z.url(),
  TICKET_SERVICE_URL: z.url(),
  NOTIFICATION_SERVICE_URL: z.url(),
  USER_SERVICE_URL: z.url(),
  SEARCH_SERVICE_URL: z.url(),
  REPORTING_SERVICE_URL: z.url(),
});
export type Config = z.infer<typeof configSchema>;

/** Addresses by service, in the order of the overview. */
export const serviceUrls = (config: Config): ReadonlyMap<ServiceName, string> =>
  new Map<ServiceName, string>([
    ["api-gateway", config.API_GATEWAY_URL],
    ["auth", config.AUTH_SERVICE_URL],
    ["schedule", config.SCHEDULE_SERVICE_URL],
    ["seat-reservation", config.SEAT_RESERVATION_SERVICE_URL],
    ["payment", config.PAYMENT_SERVICE_URL],
    ["booking", config.BOOKING_SERVICE_URL],
    ["ticket", config.TICKET_SERVICE_URL],
    ["notification", config.NOTIFICATION_SERVICE_URL],
    ["user", config.USER_SERVICE_URL],
    ["search", config.SEARCH_SERVICE_URL],
    ["reporting", config.REPORTING_SERVICE_URL],
  ]);
