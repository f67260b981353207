import { z } from "zod";
import type { NamedChild } from "../desired/manifest.ts";
import { collectionPath, kindNamed } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { ApiError } from "../runtime/api-error.ts";
import { childKey } from "./child-head.ts";

/** For fewer of a kind, one question each costs no more than the list. */
const LIST_FROM = 4;
/** A namespace with more of a kind is somebody else's too: each is asked for by name then. */
const NAMES_MAX = 500;

const names = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })).nullable(),
});

/**
 * Which of these children nobody has, whoever else's objects there may be: by one list of names a kind instead of a
 * question for each, since a new platform makes a hundred. Those not named here may be there or not.
 */
export async function knownAbsent(
  client: ApiClient,
  namespace: string,
  unseen: readonly NamedChild[],
): Promise<ReadonlySet<string>> {
  const kinds = new Map<string, NamedChild[]>();
  for (const child of unseen) {
    const { kind } = child.manifest;
    kinds.set(kind, [...(kinds.get(kind) ?? []), child]);
  }
  const many = [...kinds].filter(([, children]) => children.length >= LIST_FROM);
  const found = await Promise.all(
    many.map(async ([kind, children]) => {
      const there = await listNames(client, kind, namespace);
      return children
        .filter(({ manifest }) => there?.has(manifest.metadata.name) === false)
        .map(childKey);
    }),
  );
  return new Set(found.flat());
}

async function listNames(
  client: ApiClient,
  kind: string,
  namespace: string,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const answer = names.parse(
      await client.call({
        method: "GET",
        path: collectionPath(kindNamed(kind), namespace),
        query: { limit: String(NAMES_MAX) },
        accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
      }),
    );
    if ((answer.metadata.continue ?? "") !== "") return undefined;
    return new Set((answer.items ?? []).map(({ metadata }) => metadata.name));
  } catch (error) {
    // Each child of the kind will find out for itself: the other kinds aren't held up by it.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
