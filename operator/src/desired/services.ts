import type { V1Service } from "@kubernetes/client-node";
import {
  PGBOUNCER,
  PGBOUNCER_SERVICE,
  POSTGRES,
  POSTGRES_SERVICE,
  RABBITMQ,
  RABBITMQ_SERVICE,
  REDIS,
  REDIS_SERVICE,
} from "../metadata/names.ts";
import { selectorOf, type Component } from "../metadata/labels.ts";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";
import type { ServicePort } from "./kubernetes-types.ts";

/** Services of the platform's services and of the stores it embeds. */
export function services({ platform }: Context): Child[] {
  const own = platform.services.map(({ facts }) =>
    facts.key === "api-gateway"
      ? gatewayService(platform, facts.name, facts.port)
      : clusterService(platform, facts.name, facts.name, componentOf(facts.key), [
          port("http", facts.port),
        ]),
  );
  return [...own, ...storeServices(platform)].map((manifest) => child(platform, manifest));
}

function storeServices(platform: Platform) {
  const found = [
    clusterService(platform, PGBOUNCER_SERVICE, PGBOUNCER, "pool", [port("postgresql", 5432)]),
  ];
  if (platform.postgres.embedded !== undefined) {
    found.push(
      clusterService(platform, POSTGRES_SERVICE, POSTGRES, "database", [port("postgresql", 5432)]),
    );
  }
  if (platform.redis.embedded !== undefined) {
    found.push(clusterService(platform, REDIS_SERVICE, REDIS, "cache", [port("redis", 6379)]));
  }
  if (platform.rabbitmq.embedded !== undefined) {
    found.push(
      clusterService(platform, RABBITMQ_SERVICE, RABBITMQ, "broker", [
        port("amqp", 5672),
        port("management", 15_672),
        port("metrics", 15_692),
      ]),
    );
  }
  return found;
}

function clusterService(
  platform: Platform,
  name: string,
  app: string,
  component: Component,
  ports: ServicePort[],
) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(platform, name, app, component),
    spec: { type: "ClusterIP", selector: selectorOf(platform.name, app), ports },
  } satisfies V1Service;
}

function gatewayService(platform: Platform, name: string, portNumber: number) {
  const { type, nodePort } = platform.gateway;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(platform, name, name, "gateway"),
    spec: {
      type,
      selector: selectorOf(platform.name, name),
      ports: [{ ...port("http", portNumber), ...(nodePort !== undefined && { nodePort }) }],
    },
  } satisfies V1Service;
}

function port(name: string, number: number): ServicePort {
  return { name, port: number, targetPort: name, protocol: "TCP" };
}
