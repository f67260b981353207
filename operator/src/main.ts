import { KubeConfig } from "@kubernetes/client-node";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createController } from "./controller/controller.ts";
import { createMetrics } from "./controller/metrics.ts";
import { createHttpServer } from "./http-server.ts";
import { createApiClient } from "./runtime/api-client.ts";
import { credentialsOf } from "./runtime/credentials.ts";

const config = readConfig(process.env);
const log = pino({ level: config.logLevel, base: { service: "jatra-operator" } });

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const metrics = createMetrics();
const client = createApiClient(await credentialsOf(kubeConfig), metrics.called);
const controller = await createController({
  client,
  metrics,
  log,
  images: { tag: config.imageTag, storeImages: config.storeImages },
  operatorNamespace: config.podNamespace,
  podName: config.podName,
  namespaces: config.namespaces,
});

const server = createHttpServer({ ...controller, registry: metrics.registry }).listen(config.port);
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
await controller.run(stop.signal);
server.close();
await client.close();
log.info("operator stopped");
