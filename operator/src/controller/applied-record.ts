import { z } from "zod";
import type { Platform } from "../desired/platform.ts";
import { FIELD_MANAGER, LABEL_INSTANCE } from "../metadata/labels.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isNotFound } from "../runtime/api-error.ts";
import { serverSideApply } from "../runtime/server-side-apply.ts";
import type { Applied, ApplyMemory } from "./apply-memory.ts";

/** Not labelled as the operator's: it is no child, isn't watched, and nobody misses it when it is gone. */
const NAME = "jatra-applied";

const record = z.object({ data: z.object({ applied: z.string() }) });
const entries = z.record(z.string(), z.tuple([z.string(), z.string(), z.string()]));

/**
 * What was applied, kept beside the platform for the next process: without it a new leader would apply every child of
 * every platform once to find out that nothing has changed, 20,000 writes for 200 of them. Only hashes: an object or
 * a wish that is another than then is applied as ever.
 */
export async function recallApplied(
  client: ApiClient,
  memory: ApplyMemory,
  platform: Platform,
): Promise<void> {
  const key = `${platform.namespace}/${platform.name}`;
  if (memory.knows(key)) return;
  const text = await readRecord(client, platform);
  const parsed = entries.safeParse(text === undefined ? {} : parsedJson(text));
  const found = Object.entries(parsed.success ? parsed.data : {});
  memory.recall(
    key,
    new Map(
      found.map(([child, [uid, desired, observed]]): [string, Applied] => [
        `${key}/${child}`,
        { uid, desired, observed },
      ]),
    ),
  );
}

/** Writes what has come to be known since it was written last; nothing in the steady state. */
export async function recordApplied(
  client: ApiClient,
  memory: ApplyMemory,
  { namespace, name, uid }: Platform,
): Promise<void> {
  const key = `${namespace}/${name}`;
  const unrecorded = memory.takeUnrecorded(key);
  if (unrecorded === undefined) return;
  const applied = [...unrecorded]
    .map(([child, { uid, desired, observed }]) => {
      return [child.slice(key.length + 1), [uid, desired, observed]] as const;
    })
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  const owner = { apiVersion: "jatra.dev/v1alpha1", kind: "JatraPlatform", name, uid };
  const manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: NAME,
      namespace,
      labels: { [LABEL_INSTANCE]: name },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    data: { applied: JSON.stringify(Object.fromEntries(applied)) },
  };
  await serverSideApply(client, manifest, { fieldManager: FIELD_MANAGER, force: true });
}

async function readRecord(client: ApiClient, platform: Platform): Promise<string | undefined> {
  try {
    const path = objectPath(kindNamed("ConfigMap"), platform.namespace, NAME);
    const found = record.safeParse(await client.call({ method: "GET", path }));
    return found.success ? found.data.data.applied : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What somebody spoilt is worth as much as nothing. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
