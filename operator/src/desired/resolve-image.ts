import type { PlatformSpec } from "../api/spec.ts";

/** What came with the operator: where its images are, the tag of its own build and the stores' images. */
export interface ImageDefaults {
  /** Prefix of the platform's images, such as `registry.example.com/jatra`. */
  readonly repository: string;
  readonly tag: string;
  /** Full references by name: postgres, pgbouncer, redis, rabbitmq. */
  readonly storeImages: Readonly<Record<string, string>>;
}

const STORES = new Set(["postgres", "pgbouncer", "redis", "rabbitmq"]);

/**
 * Full reference of an image. Stores are versioned apart from the platform: a new platform tag
 * must not restart a database, so a store's tag comes from the operator unless overridden.
 */
export function resolveImage(
  name: string,
  image: PlatformSpec["image"],
  defaults: ImageDefaults,
): string {
  const override = image?.overrides?.[name];
  if (override !== undefined) return override;
  const repository = image?.repository ?? defaults.repository;
  if (!STORES.has(name)) return `${repository}/${name}:${image?.tag ?? defaults.tag}`;
  const store = defaults.storeImages[name];
  if (store === undefined) return `${repository}/${name}:${image?.tag ?? defaults.tag}`;
  return image?.repository === undefined ? store : moved(store, repository);
}

function moved(reference: string, repository: string): string {
  return `${repository}/${reference.slice(reference.lastIndexOf("/") + 1)}`;
}
