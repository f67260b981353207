import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const definition = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  "x-kubernetes-group-version-kind": z
    .array(z.object({ group: z.string(), version: z.string(), kind: z.string() }))
    .optional(),
});
const openApi = z.object({ definitions: z.record(z.string(), definition) });

/**
 * Writes one JSON schema a kind, as kubeconform reads them, from an API server's own OpenAPI document (`/openapi/v2`): it knows
 * our CRD too, and no page on the internet is asked. Unknown fields are errors. Answers the location pattern.
 */
export async function writeSchemas(openApiText: string, folder: string): Promise<string> {
  const { definitions } = openApi.parse(JSON.parse(openApiText));
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, one]) => [name, closed(name, one)]),
  );
  for (const [name, one] of Object.entries(definitions)) {
    for (const { group, version, kind } of one["x-kubernetes-group-version-kind"] ?? []) {
      const suffix = [group.split(".")[0] ?? "", version].filter(Boolean).join("-");
      const file = join(folder, `${kind.toLowerCase()}-${suffix}.json`);
      const needed = reachable(strict, name);
      const schema = { $ref: `#/definitions/${name}`, definitions: needed };
      await writeFile(file, JSON.stringify(schema));
    }
  }
  return join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json");
}

/** A kind with all that it refers to: the whole document a kind would be a megabyte each. */
function reachable(
  definitions: Readonly<Record<string, unknown>>,
  root: string,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const waiting = [root];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in found) continue;
    found[name] = definitions[name];
    const text = JSON.stringify(definitions[name]);
    for (const [, other] of text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) {
      if (other !== undefined) waiting.push(other);
    }
  }
  return found;
}

/** Swagger's words for numbers that may be strings, which JSON schema doesn't know. */
const FREE_FORM = new Set([
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  "io.k8s.apimachinery.pkg.api.resource.Quantity",
  // Fields of the API server's own bookkeeping, of no fixed shape.
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
]);

function closed(name: string, value: unknown): unknown {
  return FREE_FORM.has(name) ? {} : closedNode(value);
}

function closedNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closedNode);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node)
    .filter(([key]) => !key.startsWith("x-kubernetes-") && key !== "format")
    .map(([key, value]) => [key, key === "properties" ? propertiesOf(value) : closedNode(value)]);
  const isOpen = !("properties" in node) || "x-kubernetes-preserve-unknown-fields" in node;
  return { ...Object.fromEntries(entries), ...(!isOpen && { additionalProperties: false }) };
}

/** Names of properties are no keywords, whatever they are called. */
function propertiesOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, property]) => [name, orNull(closedNode(property))]),
  );
}

/** The API server writes null for what is absent, such as a creationTimestamp in a template. */
function orNull(property: unknown): unknown {
  return { anyOf: [property, { type: "null" }] };
}
