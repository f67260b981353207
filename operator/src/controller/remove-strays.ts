import { z } from "zod";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";

const named = z.looseObject({ name: z.string() });
const container = z.looseObject({ name: z.string(), env: z.array(named).default([]) });
const workload = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(container),
        initContainers: z.array(container).default([]),
      }),
    }),
  }),
});

interface PatchOperation {
  readonly op: "test" | "remove";
  readonly path: string;
  readonly value?: string;
}

const TEMPLATE = "/spec/template/spec";

/**
 * Containers and variables that somebody added to a pod template. Server-side apply leaves what
 * others own alone, which is right for labels and annotations, but not for code that would run
 * with our Secrets. Pure; answers JSON patch operations in an order that keeps indexes right:
 * variables before containers, the last first.
 */
export function strayOperations(manifest: unknown, object: unknown): PatchOperation[] {
  const wanted = workload.safeParse(manifest);
  const found = workload.safeParse(object);
  if (!wanted.success || !found.success) return [];
  const want = wanted.data.spec.template.spec;
  const have = found.data.spec.template.spec;
  return [
    ...have.containers.flatMap(({ name, env }, index) => {
      const ours = want.containers.find((one) => one.name === name);
      if (ours === undefined) return [];
      return surplusEntries(`${TEMPLATE}/containers/${index}/env`, ours.env, env);
    }),
    ...surplusEntries(`${TEMPLATE}/initContainers`, want.initContainers, have.initContainers),
    ...surplusEntries(`${TEMPLATE}/containers`, want.containers, have.containers),
  ];
}

type Named = { readonly name: string };

function surplusEntries(path: string, want: readonly Named[], have: readonly Named[]) {
  const wanted = new Set(want.map(({ name }) => name));
  return have
    .map(({ name }, index) => ({ name, at: `${path}/${index}` }))
    .filter(({ name }) => !wanted.has(name))
    .toReversed()
    .flatMap(({ name, at }): PatchOperation[] => [
      // Another change in between would have moved the indexes: then nothing is removed.
      { op: "test", path: `${at}/name`, value: name },
      { op: "remove", path: at },
    ]);
}

/** Removes strays; answers the object as it is then. */
export async function removeStrays(
  client: ApiClient,
  manifest: unknown,
  object: ObservedObject,
): Promise<ObservedObject> {
  const operations = strayOperations(manifest, object.raw);
  if (operations.length === 0) return object;
  const answer = await client.call({
    method: "PATCH",
    path: objectPath(kindNamed(object.kind), object.namespace, object.name),
    body: operations,
    contentType: "application/json-patch+json",
  });
  return observed(object.kind, answer);
}
