import { z } from "zod";
import { numberOf } from "../../src/controller/rollout/revisions.ts";
import { LABEL_INSTANCE, MANAGED_SELECTOR } from "../../src/metadata/labels.ts";
import { observed, type ObservedObject } from "../../src/metadata/observed-object.ts";
import { collectionPath, objectPath, REVISION_KIND } from "../../src/metadata/resource-kinds.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { OLDER_PLATFORM } from "./owner.ts";
import { deleteIfThere, recorded } from "./test-client.ts";

const list = z.object({ items: z.array(z.unknown()) });

/** The ControllerRevisions of a namespace on a real API server, and how often the operator's code has written. */
export class RevisionStore {
  readonly client: ApiClient;
  readonly #namespace: string;
  readonly #writes: () => number;

  constructor(direct: ApiClient, namespace: string) {
    this.#namespace = namespace;
    const { client, calls } = recorded(direct);
    this.client = client;
    this.#writes = () => calls.filter(({ method }) => method !== "GET").length;
  }

  get writes(): number {
    return this.#writes();
  }

  /** What a watch would have brought by now. */
  async seen(): Promise<Map<string, ObservedObject>> {
    const revisions = (await this.all()).map((item) => observed(REVISION_KIND.kind, item));
    return new Map(revisions.map((one) => [`${REVISION_KIND.kind}/${one.name}`, one]));
  }

  async all(): Promise<unknown[]> {
    const path = collectionPath(REVISION_KIND, this.#namespace);
    const query = { labelSelector: `${MANAGED_SELECTOR},${LABEL_INSTANCE}!=${OLDER_PLATFORM}` };
    return list.parse(await this.client.call({ method: "GET", path, query })).items;
  }

  async numbers(): Promise<number[]> {
    return [...(await this.seen()).values()].map(numberOf).toSorted((left, right) => left - right);
  }

  async delete(...numbers: readonly number[]): Promise<void> {
    for (const object of (await this.seen()).values()) {
      if (!numbers.includes(numberOf(object))) continue;
      await deleteIfThere(this.client, objectPath(REVISION_KIND, this.#namespace, object.name));
    }
  }
}
