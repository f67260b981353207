import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

/** docs/architecture.md, «Environment of a service». */
export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...rabbitConfig,
  SCHEDULE_SERVICE_URL: z.url(),
  SEAT_RESERVATION_SERVICE_URL: z.url(),
});
