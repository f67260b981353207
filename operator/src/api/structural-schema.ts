import { z } from "zod";

export interface JsonObject {
  readonly [key: string]: unknown;
}

/** Keywords a structural schema may carry; anything else would be refused or silently ignored. */
const KEYWORDS = new Set([
  "type",
  "format",
  "description",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "maxProperties",
  "properties",
  "required",
  "items",
  "additionalProperties",
  "x-kubernetes-validations",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
]);

/**
 * The zod schema as a structural OpenAPI v3 schema of a CRD.
 * Throws on a keyword that Kubernetes doesn't know, so that a bound is never lost unnoticed.
 */
export function structuralSchema(schema: z.ZodType): JsonObject {
  const generated = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    reused: "inline",
  });
  return clean(generated, "$");
}

function clean(node: unknown, path: string): JsonObject {
  if (!isObject(node)) throw new Error(`Expected a schema object at ${path}.`);
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === "$schema" || keyword === "propertyNames") continue;
    // Kubernetes prunes unknown fields by itself and allows only one of the two keywords.
    if (keyword === "additionalProperties" && value === false) continue;
    if (!KEYWORDS.has(keyword)) throw new Error(`Unknown schema keyword ${keyword} at ${path}.`);
    result[keyword] = cleanKeyword(keyword, value, path);
  }
  return result;
}

function cleanKeyword(keyword: string, value: unknown, path: string): unknown {
  if (keyword === "items" || keyword === "additionalProperties") {
    return clean(value, `${path}.${keyword}`);
  }
  if (keyword !== "properties") return value;
  if (!isObject(value)) throw new Error(`Expected properties at ${path}.`);
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, clean(child, `${path}.${name}`)]),
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
