import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

export const configSchema = z.object({
  ...baseConfig,
  ...databaseConfig,
  ...rabbitConfig,
  /** Where e-mails and text messages are handed over (README, «Outlet»); without it there are none. */
  NOTIFICATION_OUTLET_URL: z.url().optional(),
  NOTIFICATION_OUTLET_TOKEN: z.string().min(1).optional(),
});
export type Config = z.infer<typeof configSchema>;
