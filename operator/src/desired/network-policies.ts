import { PGBOUNCER, POSTGRES, RABBITMQ, REDIS } from "../metadata/names.ts";
import { MANAGED_BY, selectorOf, type Component } from "../metadata/labels.ts";
import type { Context } from "./context.ts";
import { edges } from "./edges.ts";
import { child, type Child } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";

/** Raw rules: the typed model calls `from` something else and would lose it. */
interface IngressRule {
  readonly from?: readonly object[];
  readonly ports: readonly { readonly protocol: "TCP"; readonly port: number }[];
}

/** One NetworkPolicy an app: who may connect to it. Made from the table of edges alone. */
export function networkPolicies(context: Context): Child[] {
  const { platform } = context;
  return apps(platform).map(({ app, component, metricsPort }) =>
    child(platform, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadataOf(platform, app, app, component),
      spec: {
        podSelector: { matchLabels: selectorOf(platform.name, app) },
        policyTypes: ["Ingress"],
        ingress: [
          ...inside(platform, app),
          ...(metricsPort === undefined ? [] : [fromPrometheus(metricsPort)]),
          ...fromOutside(context, app),
        ],
      },
    }),
  );
}

interface App {
  readonly app: string;
  readonly component: Component;
  readonly metricsPort: number | undefined;
}

function apps(platform: Platform): App[] {
  const stores: App[] = [{ app: PGBOUNCER, component: "pool", metricsPort: undefined }];
  if (platform.postgres.embedded !== undefined) {
    stores.push({ app: POSTGRES, component: "database", metricsPort: undefined });
  }
  if (platform.redis.embedded !== undefined) {
    stores.push({ app: REDIS, component: "cache", metricsPort: undefined });
  }
  if (platform.rabbitmq.embedded !== undefined) {
    stores.push({ app: RABBITMQ, component: "broker", metricsPort: 15_692 });
  }
  const own = platform.services.map(({ facts }) => ({
    app: facts.name,
    component: componentOf(facts.key),
    metricsPort: facts.port,
  }));
  return [...own, ...stores];
}

function inside(platform: Platform, app: string): IngressRule[] {
  const incoming = edges(platform).filter((edge) => edge.to === app);
  const ports = [...new Set(incoming.map((edge) => edge.port))];
  return ports.map((port) => ({
    from: incoming
      .filter((edge) => edge.port === port)
      .map((edge) => ({ podSelector: { matchLabels: selectorOf(platform.name, edge.from) } })),
    ports: [{ protocol: "TCP", port }],
  }));
}

function fromPrometheus(port: number): IngressRule {
  return {
    from: [
      {
        namespaceSelector: {},
        podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
      },
    ],
    ports: [{ protocol: "TCP", port }],
  };
}

function fromOutside({ operatorNamespace }: Context, app: string): IngressRule[] {
  const operator = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": operatorNamespace } },
    podSelector: { matchLabels: { app: MANAGED_BY } },
  };
  if (app === "api-gateway") return [{ ports: [{ protocol: "TCP", port: 3000 }] }];
  // Exchanges, queues and policies are declared through the management API.
  if (app === RABBITMQ) return [{ from: [operator], ports: [{ protocol: "TCP", port: 15_672 }] }];
  return [];
}
