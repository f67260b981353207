import type { ObservedObject } from "../metadata/observed-object.ts";
import { observedHash, type Look } from "./object-digest.ts";

/** What was applied, and what the server made of it. */
export interface Applied {
  readonly uid: string;
  readonly desired: string;
  readonly observed: string;
}

/**
 * Remembers what was applied and what the server made of it. While neither our wish nor the
 * object has changed since, applying again would change nothing: the steady state writes nothing.
 * Keys begin with `namespace/platform/`.
 */
export class ApplyMemory {
  readonly #platforms = new Map<string, Map<string, Applied>>();
  /** Platforms of which more is known than their record says. */
  readonly #unrecorded = new Set<string>();

  isCurrent(key: string, desired: string, object: ObservedObject, look: Look): boolean {
    const entry = this.#get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed === observedHash(object, look)
    );
  }

  /** The wish is the same as last time, but somebody changed the object since. */
  hasDrifted(key: string, desired: string, object: ObservedObject, look: Look): boolean {
    const entry = this.#get(key);
    return (
      entry !== undefined &&
      entry.uid === object.uid &&
      entry.desired === desired &&
      entry.observed !== observedHash(object, look)
    );
  }

  remember(key: string, desired: string, object: ObservedObject, look: Look): void {
    const platform = platformOf(key);
    const entries = this.#platforms.get(platform) ?? new Map<string, Applied>();
    entries.set(key, { uid: object.uid, desired, observed: observedHash(object, look) });
    this.#platforms.set(platform, entries);
    this.#unrecorded.add(platform);
  }

  /** Drops all that is known of a platform (`namespace/name`): it is gone. */
  forgetAll(platform: string): void {
    this.#platforms.delete(platform);
    this.#unrecorded.delete(platform);
  }

  /** Forgets what a platform has no more, such as the Jobs of older images. */
  retain(platform: string, keys: ReadonlySet<string>): void {
    const entries = this.#platforms.get(platform);
    for (const key of entries?.keys() ?? []) if (!keys.has(key)) entries?.delete(key);
  }

  knows(platform: string): boolean {
    return this.#platforms.has(platform);
  }

  /** Everything known of a platform, if that has changed since this was asked last. */
  takeUnrecorded(platform: string): ReadonlyMap<string, Applied> | undefined {
    return this.#unrecorded.delete(platform) ? this.#platforms.get(platform) : undefined;
  }

  /** Takes over what an earlier process knew of a platform. */
  recall(platform: string, entries: ReadonlyMap<string, Applied>): void {
    this.#platforms.set(platform, new Map(entries));
  }

  #get(key: string): Applied | undefined {
    return this.#platforms.get(platformOf(key))?.get(key);
  }
}

function platformOf(key: string): string {
  return key.split("/", 2).join("/");
}
