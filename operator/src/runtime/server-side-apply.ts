import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "./api-client.ts";
import { observed, type ObservedObject } from "../metadata/observed-object.ts";

/** Anything with an address: the manifests of desired, and parts of them. */
export interface Appliable {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly [field: string]: unknown;
}

const APPLY = "application/apply-patch+yaml";

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Takes fields from other managers; without it a differing value of theirs answers 409. */
  readonly force: boolean;
}

/** Server-side apply of raw JSON. Makes the object when it isn't there. */
export async function serverSideApply(
  client: ApiClient,
  manifest: Appliable,
  options: ApplyOptions,
): Promise<ObservedObject> {
  const answer = await client.call({
    method: "PATCH",
    path: objectPath(kindNamed(manifest.kind), manifest.metadata.namespace, manifest.metadata.name),
    query: { fieldManager: options.fieldManager, force: String(options.force) },
    body: manifest,
    // The client library would send a JSON patch; JSON is YAML, so this is what the server wants.
    contentType: APPLY,
  });
  return observed(manifest.kind, answer);
}

/** Server-side apply to the subresource `status`, which plain apply doesn't touch. */
export async function applyStatus(
  client: ApiClient,
  path: string,
  body: object,
  fieldManager: string,
): Promise<unknown> {
  return await client.call({
    method: "PATCH",
    path: `${path}/status`,
    query: { fieldManager, force: "true" },
    body,
    contentType: APPLY,
  });
}
