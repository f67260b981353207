import { z } from "zod";
import { FIELD_MANAGER } from "../metadata/labels.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";

type Entry = Readonly<Record<string, unknown>>;

const entries = z.array(z.record(z.string(), z.unknown())).default([]);
const podSpec = z.object({
  containers: entries,
  initContainers: entries,
  volumes: entries,
});
const workload = z.object({ spec: z.object({ template: z.object({ spec: podSpec }) }) });
const service = z.object({ spec: z.object({ ports: entries }) });

interface PatchOperation {
  readonly op: "replace" | "remove";
  readonly path: string;
  readonly value?: readonly Entry[];
}

/**
 * Lists that somebody added entries to, put back as a whole: containers, variables, mounts,
 * ports. Server-side apply leaves entries that others own alone, which is right for labels and
 * annotations, but not for code that would run with our Secrets; and a renumbered port would be
 * refused as a duplicate of ours. Pure; answers JSON patch operations.
 */
export function strayOperations(manifest: unknown, object: unknown): PatchOperation[] {
  return [...podOperations(manifest, object), ...serviceOperations(manifest, object)];
}

function podOperations(manifest: unknown, object: unknown): PatchOperation[] {
  const wanted = workload.safeParse(manifest);
  const found = workload.safeParse(object);
  if (!wanted.success || !found.success) return [];
  const want = wanted.data.spec.template.spec;
  const have = found.data.spec.template.spec;
  const path = "/spec/template/spec";
  return [
    ...(want.initContainers.length === 0 && have.initContainers.length > 0
      ? [{ op: "remove", path: `${path}/initContainers` } as const]
      : []),
    ...(hasSurplus(want.volumes, have.volumes, "name")
      ? [{ op: "replace", path: `${path}/volumes`, value: want.volumes } as const]
      : []),
    ...(hasSurplus(want.containers, have.containers, "name") ||
    have.containers.some((container) => isEnlarged(want.containers, container))
      ? [{ op: "replace", path: `${path}/containers`, value: want.containers } as const]
      : []),
  ];
}

/** Lists of a container, and the field that tells their entries apart. */
const CONTAINER_LISTS = { env: "name", ports: "containerPort", volumeMounts: "mountPath" };

function isEnlarged(wanted: readonly Entry[], container: Entry): boolean {
  const ours = wanted.find(({ name }) => name === container["name"]);
  if (ours === undefined) return false;
  return Object.entries(CONTAINER_LISTS).some(([list, key]) =>
    hasSurplus(entries.parse(ours[list]), entries.parse(container[list]), key),
  );
}

function serviceOperations(manifest: unknown, object: unknown): PatchOperation[] {
  const wanted = service.safeParse(manifest);
  const found = service.safeParse(object);
  if (!wanted.success || !found.success) return [];
  const { ports } = wanted.data.spec;
  if (!hasSurplus(ports, found.data.spec.ports, "port")) return [];
  return [{ op: "replace", path: "/spec/ports", value: ports }];
}

function hasSurplus(want: readonly Entry[], have: readonly Entry[], key: string): boolean {
  const wanted = new Set(want.map((entry) => entry[key]));
  return have.some((entry) => !wanted.has(entry[key]));
}

/** Puts enlarged lists back; done before the apply, which would stumble over them. */
export async function removeStrays(
  client: ApiClient,
  manifest: unknown,
  object: ObservedObject,
): Promise<void> {
  const operations = strayOperations(manifest, object.raw);
  if (operations.length === 0) return;
  await client.call({
    method: "PATCH",
    path: objectPath(kindNamed(object.kind), object.namespace, object.name),
    query: { fieldManager: FIELD_MANAGER },
    body: operations,
    contentType: "application/json-patch+json",
  });
}
