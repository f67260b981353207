import { z } from "zod";
import { decodedSecret } from "../desired/secrets/secret-data.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import type { ApiClient } from "../runtime/api-client.ts";
import { isNotFound } from "../runtime/api-error.ts";

const secret = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

type Values = Readonly<Record<string, string>>;

/** Reads single Secrets by name and remembers them as long as their resource version stands. */
export class SecretReader {
  readonly #client: ApiClient;
  readonly #known = new Map<string, { resourceVersion: string; values: Values }>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /**
   * Decoded contents; undefined when there is no such Secret. `resourceVersion` is what the
   * watch saw last: undefined (nothing seen) always asks the server, so that a Secret we haven't
   * heard of yet is never made anew over an existing one.
   */
  async read(
    namespace: string,
    name: string,
    resourceVersion: string | undefined,
  ): Promise<Values | undefined> {
    const key = `${namespace}/${name}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.resourceVersion === resourceVersion) return known.values;
    try {
      const path = objectPath(kindNamed("Secret"), namespace, name);
      const found = secret.parse(await this.#client.call({ method: "GET", path }));
      const values = decodedSecret(found.data);
      this.#known.set(key, { resourceVersion: found.metadata.resourceVersion, values });
      return values;
    } catch (error) {
      this.#known.delete(key);
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
