import { createHash } from "node:crypto";

/** A short hash of a value's JSON with sorted keys: equal content gives an equal hash. */
export function contentHash(value: unknown, length = 10): string {
  return createHash("sha256").update(stableJson(value)).digest("hex").slice(0, length);
}

/** JSON with sorted keys; `undefined` fields are left out, as JSON.stringify does. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) => {
    if (typeof field !== "object" || field === null || Array.isArray(field)) return field;
    return Object.fromEntries(
      Object.entries(field).sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
}
