import { deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import { contentHash } from "../../desired/content-hash.ts";
import type { Platform } from "../../desired/platform.ts";
import { podTemplate, templateHash, type Templates } from "../../desired/workload-template.ts";
import { revisionSettings, type RevisionSettings } from "../../desired/revision-settings.ts";
import {
  ANNOTATION_PREVIOUS,
  ANNOTATION_VERSION,
  FIELD_MANAGER,
  LABEL_INSTANCE,
  LABEL_MANAGED_BY,
  LABEL_REVISION,
  LABEL_TEMPLATES,
  MANAGED_BY,
  REVISION_SELECTOR,
} from "../../metadata/labels.ts";
import { observed, type ObservedObject } from "../../metadata/observed-object.ts";
import { collectionPath, objectPath, REVISION_KIND } from "../../metadata/resource-kinds.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import { serverSideApply } from "../../runtime/server-side-apply.ts";

/** What a ControllerRevision of ours holds; it never changes once it is written. */
export interface Revision {
  readonly number: number;
  /** The one in place when it was made: not always the number before, because a spec may go back to an older one. */
  readonly previous?: number | undefined;
  readonly version: string;
  readonly templates: Templates;
  /** Undefined in those that an older operator has written. */
  readonly settings?: RevisionSettings | undefined;
}

const revisionObject = z.object({
  metadata: z.object({
    annotations: z.looseObject({ [ANNOTATION_PREVIOUS]: z.coerce.number().optional() }).optional(),
  }),
  revision: z.int(),
  data: z.object({
    version: z.string(),
    templates: z.record(z.string(), podTemplate),
    settings: revisionSettings.optional(),
  }),
});

export function readRevision(value: unknown): Revision {
  const { metadata, revision, data } = revisionObject.parse(value);
  const templates = new Map(Object.entries(data.templates));
  const previous = metadata.annotations?.[ANNOTATION_PREVIOUS];
  const { version, settings } = data;
  return { number: revision, previous, version, templates, settings };
}

/** The platform's revisions among other objects, oldest first. */
export function revisionsIn(
  objects: Iterable<ObservedObject>,
  { uid }: Pick<Platform, "uid">,
): readonly ObservedObject[] {
  return [...objects]
    .filter(
      (object) =>
        object.kind === REVISION_KIND.kind &&
        !object.deleting &&
        numberOf(object) > 0 &&
        object.ownerUids.includes(uid),
    )
    .toSorted((left, right) => numberOf(left) - numberOf(right));
}

/** Number of a revision as its label says; 0 for a StatefulSet's own, which has none. */
export function numberOf({ labels }: Pick<ObservedObject, "labels">): number {
  const text = labels[LABEL_REVISION] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Equal for equal sets of templates and settings: such a revision is used again, not made twice. */
export function revisionHash({
  templates,
  settings,
}: Pick<Revision, "templates" | "settings">): string {
  return contentHash([templatesHash(templates), settings]);
}

/** Equal for equal sets of templates. */
export function templatesHash(templates: Templates): string {
  return contentHash(
    Object.fromEntries([...templates].map(([name, template]) => [name, templateHash(template)])),
  );
}

/**
 * Writes a revision. Its name says its content, so that an operator that was killed after this
 * write finds its own work and makes no second one.
 */
export async function writeRevision(
  client: ApiClient,
  platform: Platform,
  { number, previous, version, templates, settings }: Revision,
): Promise<ObservedObject> {
  const hash = revisionHash({ templates, settings });
  const { name, namespace, uid } = platform;
  const owner = { apiVersion: "jatra.dev/v1alpha1", kind: "JatraPlatform", name, uid };
  const manifest = {
    apiVersion: REVISION_KIND.apiVersion,
    kind: REVISION_KIND.kind,
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: {
        [LABEL_INSTANCE]: name,
        [LABEL_MANAGED_BY]: MANAGED_BY,
        [LABEL_REVISION]: String(number),
        [LABEL_TEMPLATES]: hash,
      },
      annotations: {
        [ANNOTATION_VERSION]: version,
        ...(previous !== undefined && { [ANNOTATION_PREVIOUS]: String(previous) }),
      },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    revision: number,
    data: { version, templates: Object.fromEntries(templates), settings },
  };
  return await serverSideApply(client, manifest, { fieldManager: FIELD_MANAGER, force: true });
}

const list = z.object({ items: z.array(z.unknown()).nullable() });

/** All revisions of a platform without their contents, as the server has them now. */
export async function listRevisions(
  client: ApiClient,
  { namespace, name }: Pick<Platform, "namespace" | "name">,
): Promise<readonly ObservedObject[]> {
  const answer = await client.call({
    method: "GET",
    path: collectionPath(REVISION_KIND, namespace),
    query: { labelSelector: `${REVISION_SELECTOR},${LABEL_INSTANCE}=${name}` },
    accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
  });
  return (list.parse(answer).items ?? []).map((item) => observed(REVISION_KIND.kind, item));
}

/** Two for each of the platforms that one operator is made for (200), and room to change. */
const KNOWN_MAX = 600;

/** A revision as it is remembered: 4 kB packed, where its templates would take 0.1 MB. */
interface Known {
  readonly packed: Buffer;
  unpacked: WeakRef<Revision>;
}

/** Reads single revisions by name; each is remembered, because it never changes. */
export class RevisionReader {
  readonly #client: ApiClient;
  readonly #known = new Map<string, Known>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  async read({ namespace, name, uid }: ObservedObject): Promise<Revision> {
    const known = this.#known.get(uid);
    if (known !== undefined) return unpack(known);
    const path = objectPath(REVISION_KIND, namespace, name);
    const answer = await this.#client.call({ method: "GET", path });
    const revision = readRevision(answer);
    // Those of platforms that are gone are never asked to be forgotten.
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    const packed = deflateRawSync(JSON.stringify(answer));
    this.#known.set(uid, { packed, unpacked: new WeakRef(revision) });
    return revision;
  }

  /** Forgets all but these: two revisions a platform are in use at any time. */
  forget(uids: readonly string[]): void {
    for (const uid of uids) this.#known.delete(uid);
  }
}

function unpack(known: Known): Revision {
  const unpacked = known.unpacked.deref();
  if (unpacked !== undefined) return unpacked;
  const revision = readRevision(JSON.parse(inflateRawSync(known.packed).toString()));
  known.unpacked = new WeakRef(revision);
  return revision;
}
