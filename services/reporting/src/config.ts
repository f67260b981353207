import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

export const configSchema = z.object({ ...baseConfig, ...databaseConfig, ...rabbitConfig });
export type Config = z.infer<typeof configSchema>;
