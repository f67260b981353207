import { z } from "zod";
import { collectionPath, objectPath, PLATFORM_KIND } from "../../src/metadata/resource-kinds.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { deleteIfThere, makeNamespace } from "./test-client.ts";

/** Of resources that own what tests make. */
export const OWNER_NAMESPACE = "jatra-operator-owned";
/** The namespace's older resource: an operator that runs on this cluster describes it by a revision, also while it is paused. */
export const OLDER_PLATFORM = "first";

const made = z.looseObject({ metadata: z.looseObject({ uid: z.string() }) });

/**
 * Makes the resource `jatra` anew and answers its uid: what names an owner that doesn't exist is collected as garbage. The
 * namespace belongs to an older resource, which is paused: an operator that runs on this cluster makes nothing for this one.
 */
export async function makeOwner(client: ApiClient): Promise<string> {
  await makeNamespace(client, OWNER_NAMESPACE);
  await removeOwner(client);
  await makePlatform(client, OLDER_PLATFORM);
  return await makePlatform(client, "jatra");
}

export async function removeOwner(client: ApiClient): Promise<void> {
  for (const name of ["jatra", OLDER_PLATFORM]) {
    await deleteIfThere(client, objectPath(PLATFORM_KIND, OWNER_NAMESPACE, name));
  }
}

async function makePlatform(client: ApiClient, name: string): Promise<string> {
  const { apiVersion, kind } = PLATFORM_KIND;
  const metadata = { name, namespace: OWNER_NAMESPACE };
  const answer = await client.call({
    method: "POST",
    path: collectionPath(PLATFORM_KIND, OWNER_NAMESPACE),
    body: { apiVersion, kind, metadata, spec: { paused: true } },
  });
  return made.parse(answer).metadata.uid;
}
