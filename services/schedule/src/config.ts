import { baseConfig, databaseConfig, rabbitConfig } from "@jatra/common/config/base-config.ts";
import { z } from "zod";

/** docs/architecture.md, «Environment of a service». */
export const configSchema = z.object({ ...baseConfig, ...databaseConfig, ...rabbitConfig });
