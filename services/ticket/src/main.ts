import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { start } from "@jatra/common/service/start.ts";
import { compose } from "./compose.ts";
import { configSchema } from "./config.ts";

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const lifecycle = createLifecycle(logger);
  const app = await compose(config, logger, lifecycle);
  await serve({ app, port: config.PORT, logger, lifecycle });
});
