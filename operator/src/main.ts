import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createController } from "./controller/controller.ts";
import { createMetrics } from "./controller/metrics.ts";
import { createHttpServer } from "./http-server.ts";
import { LEASE_NAME } from "./metadata/names.ts";
import { createApiClient } from "./runtime/api-client.ts";
import { credentialsOf } from "./runtime/credentials.ts";
import { LeaderElector } from "./runtime/leader-election.ts";

const config = readConfig(process.env);
const log = pino({ level: config.logLevel, base: { service: "jatra-operator" } });

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const metrics = createMetrics();
const credentials = await credentialsOf(kubeConfig);
// A container that starts again in the same pod isn't the leader that it was before.
const identity = `${config.podName}_${randomUUID()}`;
const elector = new LeaderElector({
  client: createApiClient(credentials, metrics.called),
  lease: { namespace: config.podNamespace, name: LEASE_NAME },
  identity,
  onError: (error) => log.warn({ cause: String(error) }, "lease not read or written"),
  onChange: (isLeader) => {
    metrics.leads(isLeader);
    log.info({ identity, isLeader }, "leadership changed");
  },
});
const client = createApiClient(credentials, metrics.called, elector.assertLeading);
const controller = await createController({
  client,
  metrics,
  log,
  images: config.images,
  operatorNamespace: config.podNamespace,
  podName: config.podName,
  namespaces: config.namespaces,
});

const server = createHttpServer({ ...controller, registry: metrics.registry }).listen(config.port);
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
elector.start();
await controller.run(elector.leading, AbortSignal.any([stop.signal, elector.lost]));
await elector.release();
server.close();
await client.close();
// Whoever has lost the lease starts anew, as a standby.
process.exitCode = elector.lost.aborted ? 1 : 0;
log.info("operator stopped");
