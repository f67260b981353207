import { MONITORING_GROUP } from "../metadata/resource-kinds.ts";
import { RABBITMQ } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { alertRules } from "./alert-rules.ts";
import type { Context } from "./context.ts";
import { child, type Child, type Manifest } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";

/** RabbitMQ's `/metrics` adds up all queues; of this one's two dozen each has a line of its own here. */
const QUEUE_METRICS = "/metrics/per-object";

/** ServiceMonitors and alert rules, where the cluster knows the Prometheus operator's kinds. */
export function monitors({ platform, monitoringKinds }: Context): Child[] {
  if (!platform.monitoring.enabled) return [];
  const found: Manifest[] = [];
  if (monitoringKinds.has("ServiceMonitor")) found.push(...serviceMonitors(platform));
  if (monitoringKinds.has("PrometheusRule")) found.push(prometheusRule(platform));
  return found.map((manifest) => child(platform, manifest));
}

function serviceMonitors(platform: Platform): Manifest[] {
  const own = platform.services.map(({ facts }) =>
    serviceMonitor(platform, facts.name, componentOf(facts.key), {
      port: "http",
      path: "/metrics",
    }),
  );
  if (platform.rabbitmq.embedded === undefined) return own;
  const broker = { port: "metrics", path: QUEUE_METRICS };
  return [...own, serviceMonitor(platform, RABBITMQ, "broker", broker)];
}

function serviceMonitor(
  platform: Platform,
  app: string,
  component: Parameters<typeof metadataOf>[3],
  endpoint: { readonly port: string; readonly path: string },
): Manifest {
  return {
    apiVersion: MONITORING_GROUP,
    kind: "ServiceMonitor",
    metadata: withLabels(platform, app, component),
    spec: {
      selector: { matchLabels: selectorOf(platform.name, app) },
      // A circuit carries the name of the service it leads to: Prometheus would put the gateway's in its place.
      endpoints: [{ ...endpoint, interval: "30s", honorLabels: true }],
    },
  };
}

function prometheusRule(platform: Platform): Manifest {
  return {
    apiVersion: MONITORING_GROUP,
    kind: "PrometheusRule",
    metadata: withLabels(platform, "jatra", "service"),
    spec: { groups: [{ name: "jatra", rules: alertRules(platform) }] },
  };
}

function withLabels(platform: Platform, app: string, component: Parameters<typeof metadataOf>[3]) {
  const metadata = metadataOf(platform, app, app, component);
  return { ...metadata, labels: { ...platform.monitoring.labels, ...metadata.labels } };
}
