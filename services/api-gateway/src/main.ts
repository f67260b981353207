import { parseConfig } from "@jatra/common/config/parse-config.ts";
import { createLogger } from "@jatra/common/logging/logger.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { loadOperations } from "@jatra/common/openapi/load-operations.ts";
import { createRedis } from "@jatra/common/redis/client.ts";
import { createLifecycle, serve } from "@jatra/common/service/serve.ts";
import { start } from "@jatra/common/service/start.ts";
import { composeGateway } from "./compose.ts";
import { configSchema, serviceUrl } from "./config.ts";
import { createEdgeServer } from "./edge/create-server.ts";

start(async () => {
  const config = parseConfig(configSchema, process.env);
  const logger = createLogger(config.SERVICE_NAME, config.LOG_LEVEL);
  const metrics = createMetrics(config.SERVICE_NAME);
  const lifecycle = createLifecycle(logger);
  const redis = createRedis({ url: config.REDIS_URL, logger });
  lifecycle.onStop("redis", async () => redis.disconnect());
  const app = composeGateway({
    config,
    urlOf: (service) => serviceUrl(config, service),
    contracts: await loadOperations(),
    redis,
    // The braces are Redis Cluster's hash tag: a script counts in the windows of many clients at once.
    prefix: "{gateway}",
    logger,
    metrics,
    lifecycle,
  });
  await serve({ app, port: config.PORT, logger, lifecycle, createServer: createEdgeServer });
});
