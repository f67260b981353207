import { isFields, joined, plain, type FieldChange } from "./field-changes.ts";

/**
 * Fields that the operator applied before and no longer wants: server-side apply removes them.
 * `owned` is `fieldsV1` of the operator's entry in managedFields.
 */
export function droppedFields(wanted: unknown, live: unknown, owned: unknown): FieldChange[] {
  return walk("", owned, plain(wanted), live);
}

function walk(path: string, owned: unknown, want: unknown, have: unknown): FieldChange[] {
  if (!isFields(owned)) return [];
  return Object.entries(owned).flatMap(([mark, inner]) => {
    const step = stepOf(mark, path, want, have);
    if (step === undefined || step.have === undefined) return [];
    if (step.want === undefined) return [{ path: step.path, before: step.have, after: undefined }];
    return walk(step.path, inner, step.want, step.have);
  });
}

interface Step {
  readonly path: string;
  readonly want: unknown;
  readonly have: unknown;
}

/** One step down: `f:name` is a field, `k:{…}` the entry of a list with these keys. */
function stepOf(mark: string, path: string, want: unknown, have: unknown): Step | undefined {
  if (mark.startsWith("f:")) {
    const field = mark.slice(2);
    return { path: joined(path, field), want: fieldOf(want, field), have: fieldOf(have, field) };
  }
  if (!mark.startsWith("k:")) return undefined;
  const keys: unknown = JSON.parse(mark.slice(2));
  if (!isFields(keys)) return undefined;
  const name = `${path}[${String(Object.values(keys)[0])}]`;
  return { path: name, want: entryWith(want, keys), have: entryWith(have, keys) };
}

function fieldOf(value: unknown, field: string): unknown {
  return isFields(value) ? value[field] : undefined;
}

/** A key that the entry leaves out has its default (a port's protocol). */
function entryWith(list: unknown, keys: Readonly<Record<string, unknown>>): unknown {
  if (!Array.isArray(list)) return undefined;
  return list.find(
    (entry) =>
      isFields(entry) &&
      Object.entries(keys).every(
        ([key, value]) => entry[key] === undefined || entry[key] === value,
      ),
  );
}
