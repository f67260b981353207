import type { V1StatefulSet } from "@kubernetes/client-node";
import { RABBITMQ, RABBITMQ_SERVICE, RABBITMQ_VOLUME } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { environmentHash } from "./config-hash.ts";
import type { Context } from "./context.ts";
import { fromSecret, plain } from "./environment.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { EmbeddedStore, Platform } from "./platform.ts";
import { podTemplate } from "./pod-template.ts";
import { STORE_UID } from "./pod-security.ts";
import { tcpProbes } from "./tcp-probes.ts";
import { storeVolume } from "./volume.ts";
import type { Container } from "./kubernetes-types.ts";

/** Booting Erlang and every plugin takes 10 s on a core of its own, a minute on a busy machine. */
const START_SECONDS_MAX = 600;
const GRACE_PERIOD_SECONDS = 60;

/** The embedded RabbitMQ: one node, `rabbitmq-0`. */
export function rabbitmq(context: Context): Child[] {
  const { platform } = context;
  const store = platform.rabbitmq.embedded;
  if (store === undefined) return [];
  const container = rabbitmqContainer(platform, store);
  const manifest = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(platform, RABBITMQ, RABBITMQ, "broker"),
    spec: {
      replicas: 1,
      serviceName: RABBITMQ_SERVICE,
      selector: { matchLabels: selectorOf(platform.name, RABBITMQ) },
      template: podTemplate(platform, {
        app: RABBITMQ,
        component: "broker",
        uid: STORE_UID,
        serviceAccount: RABBITMQ,
        container,
        configHash: environmentHash(container, context.secrets),
        gracePeriodSeconds: GRACE_PERIOD_SECONDS,
        spec: {
          volumes: [
            { name: "data", persistentVolumeClaim: { claimName: RABBITMQ_VOLUME } },
            { name: "tmp", emptyDir: {} },
          ],
        },
      }),
    },
  } satisfies V1StatefulSet;
  return [
    storeVolume(platform, RABBITMQ_VOLUME, RABBITMQ, "broker", store),
    child(platform, manifest),
  ];
}

function rabbitmqContainer(platform: Platform, store: EmbeddedStore): Container {
  const { secretName } = platform.rabbitmq;
  return {
    name: RABBITMQ,
    image: store.image,
    env: [
      fromSecret("RABBITMQ_DEFAULT_USER", secretName, "username"),
      fromSecret("RABBITMQ_DEFAULT_PASS", secretName, "password"),
      fromSecret("RABBITMQ_ERLANG_COOKIE", secretName, "erlang-cookie"),
      // Erlang reserves memory for every file it might open, and a node may allow a billion.
      plain("ERL_MAX_PORTS", 65_536),
    ],
    ports: [
      { name: "amqp", containerPort: 5672, protocol: "TCP" },
      { name: "management", containerPort: 15_672, protocol: "TCP" },
      { name: "metrics", containerPort: 15_692, protocol: "TCP" },
    ],
    resources: { requests: store.resources.requests, limits: store.resources.limits },
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/rabbitmq" },
      { name: "tmp", mountPath: "/tmp" },
    ],
    ...tcpProbes("amqp", START_SECONDS_MAX),
  };
}
