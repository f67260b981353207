import { z } from "zod";
import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";

export const configSchema = z.object({ ...baseConfig, ...databaseConfig, ...rabbitConfig });
