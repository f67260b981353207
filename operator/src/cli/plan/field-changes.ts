import { quantityBytes } from "../../desired/quantity.ts";

export interface FieldChange {
  /** `spec.template.spec.containers[booking-service].image`. */
  readonly path: string;
  /** Undefined: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Lists that server-side apply merges, and the field that tells their entries apart. */
const MERGED_LISTS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  imagePullSecrets: ["name"],
  volumeMounts: ["mountPath"],
  ports: ["containerPort", "port"],
  topologySpreadConstraints: ["topologyKey"],
  ownerReferences: ["uid"],
};

/** Places where `1000m` and `1` are the same. */
const QUANTITIES = /\.(requests|limits)\.[a-z]+$|\.sizeLimit$/;

/**
 * What applying `wanted` would change in `live`: fields that differ or are missing. What the
 * server or others added is left out, as server-side apply leaves it alone.
 */
export function fieldChanges(wanted: unknown, live: unknown): FieldChange[] {
  return compare("", plain(wanted), live, true);
}

function compare(path: string, want: unknown, have: unknown, isMerged: boolean): FieldChange[] {
  if (isEmpty(want) && isEmpty(have)) return [];
  if (isFields(want) && isFields(have)) {
    return Object.entries(want).flatMap(([field, value]) =>
      compare(joined(path, field), value, have[field], isMerged),
    );
  }
  if (Array.isArray(want) && Array.isArray(have)) return compareLists(path, want, have, isMerged);
  return isSame(path, want, have) ? [] : [{ path, before: have, after: want }];
}

function compareLists(
  path: string,
  want: readonly unknown[],
  have: readonly unknown[],
  isMerged: boolean,
): FieldChange[] {
  const key = isMerged ? mergeKey(path, want) : undefined;
  if (key !== undefined) {
    return want.flatMap((entry) => {
      const id = keyOf(entry, key);
      const other = have.find((candidate) => keyOf(candidate, key) === id);
      return compare(`${path}[${String(id)}]`, entry, other, true);
    });
  }
  // Everything inside an atomic list is replaced with it.
  if (want.length !== have.length) return [{ path, before: have, after: want }];
  return want.flatMap((entry, index) => compare(`${path}[${index}]`, entry, have[index], false));
}

/** Lists whose additions the operator takes out again (see controller/remove-strays). */
const CLEANED_LISTS = new Set([
  "containers",
  "initContainers",
  "volumes",
  "env",
  "ports",
  "volumeMounts",
]);

/** Entries of such lists that somebody added: in `live`, but not in `wanted`. */
export function addedEntries(wanted: unknown, live: unknown, path = ""): FieldChange[] {
  if (isFields(wanted) && isFields(live)) {
    return Object.entries(live).flatMap(([field, value]) =>
      addedEntries(wanted[field], value, joined(path, field)),
    );
  }
  if (!Array.isArray(live)) return [];
  const list = path.slice(path.lastIndexOf(".") + 1);
  const key = CLEANED_LISTS.has(list) ? mergeKey(path, live) : undefined;
  if (key === undefined) return [];
  const known = Array.isArray(wanted) ? wanted : [];
  return live.flatMap((entry) => {
    const here = `${path}[${String(keyOf(entry, key))}]`;
    const other: unknown = known.find((one) => keyOf(one, key) === keyOf(entry, key));
    if (other === undefined) return [{ path: here, before: entry, after: undefined }];
    return addedEntries(other, entry, here);
  });
}

function mergeKey(path: string, entries: readonly unknown[]): string | undefined {
  const list = path.slice(path.lastIndexOf(".") + 1);
  return MERGED_LISTS[list]?.find((key) =>
    entries.every((entry) => keyOf(entry, key) !== undefined),
  );
}

function keyOf(entry: unknown, key: string): unknown {
  return isFields(entry) ? entry[key] : undefined;
}

function isSame(path: string, want: unknown, have: unknown): boolean {
  if (want === have) return true;
  if (!QUANTITIES.test(path) || typeof want !== "string" || typeof have !== "string") return false;
  try {
    return quantityBytes(want) === quantityBytes(have);
  } catch {
    return false;
  }
}

/** The server leaves out what is empty. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.keys(value).length === 0;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function joined(path: string, field: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(field)) return path === "" ? field : `${path}.${field}`;
  return `${path}[${JSON.stringify(field)}]`;
}

/** As it would be sent: without undefined fields. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
