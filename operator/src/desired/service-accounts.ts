import type { V1ServiceAccount } from "@kubernetes/client-node";
import { PGBOUNCER, POSTGRES, RABBITMQ, REDIS } from "../metadata/names.ts";
import type { Component } from "../metadata/labels.ts";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";

/** One ServiceAccount an app, without a token: an identity to attach policies to. */
export function serviceAccounts({ platform }: Context): Child[] {
  const apps: readonly (readonly [string, Component])[] = [
    ...platform.services.map(({ facts }) => [facts.name, componentOf(facts.key)] as const),
    [PGBOUNCER, "pool"],
    // Also without an embedded PostgreSQL: the bootstrap Job runs under it.
    [POSTGRES, "database"],
    ...(platform.redis.embedded === undefined ? [] : [[REDIS, "cache"] as const]),
    ...(platform.rabbitmq.embedded === undefined ? [] : [[RABBITMQ, "broker"] as const]),
  ];
  return apps.map(([name, component]) => {
    const manifest = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: metadataOf(platform, name, name, component),
      automountServiceAccountToken: false,
    } satisfies V1ServiceAccount;
    return child(platform, manifest);
  });
}
