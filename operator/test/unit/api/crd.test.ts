import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { customResourceDefinition } from "../../../src/api/crd.ts";
import { renderCrd } from "../../../src/api/generate-crd.ts";
import { platformSpec } from "../../../src/api/spec.ts";
import { structuralSchema } from "../../../src/api/structural-schema.ts";
import { sampleSpec } from "../../support/platform-fixture.ts";

const FILES = [
  "../../../../crds/jatra.dev_jatraplatforms.yaml",
  "../../../../charts/jatra-operator/crds/jatra.dev_jatraplatforms.yaml",
];

/** Calls `visit` with every node of the schema. */
function walk(node: unknown, path: string, visit: (node: object, path: string) => void): void {
  if (typeof node !== "object" || node === null) return;
  if ("type" in node) visit(node, path);
  for (const [key, child] of Object.entries(node)) walk(child, `${path}.${key}`, visit);
}

const schema = structuralSchema(platformSpec);

describe("the CustomResourceDefinition", () => {
  for (const file of FILES) {
    it(`is committed as generated: ${file.replaceAll("../", "")}`, async () => {
      const text = await readFile(new URL(file, import.meta.url), "utf8");
      assert.equal(text, renderCrd(), "run operator/src/api/generate-crd.ts");
    });
  }

  it("bounds every string, list and map, or CEL would be too costly", () => {
    walk(schema, "spec", (node, path) => {
      const type = "type" in node ? node.type : undefined;
      if (type === "string") assert.ok("maxLength" in node || "enum" in node, path);
      if (type === "array") assert.ok("maxItems" in node, path);
      if (type === "object" && "additionalProperties" in node) {
        assert.ok("maxProperties" in node, path);
      }
      if (type === "integer") assert.ok("minimum" in node && "maximum" in node, path);
    });
  });

  it("says of every field what it is, for kubectl explain", () => {
    const silent: string[] = [];
    walk(schema, "spec", (node, path) => {
      if (/\.properties\.[^.]+$/.test(path) && !("description" in node)) silent.push(path);
    });
    assert.deepEqual(silent, []);
  });

  it("names the field in every rule's message", () => {
    const rules = z.array(z.object({ rule: z.string(), message: z.string() }));
    let count = 0;
    walk(schema, "spec", (node, path) => {
      if (!("x-kubernetes-validations" in node)) return;
      for (const { message } of rules.parse(node["x-kubernetes-validations"])) {
        count += 1;
        assert.match(message, /[a-z]+[:.A-Z ]/, path);
        assert.ok(message.length > 30, path);
      }
    });
    assert.ok(count > 20, `only ${count} rules were found`);
  });

  it("has no defaults: those depend on the service and live in resolve", () => {
    assert.equal(JSON.stringify(customResourceDefinition()).includes('"default":'), false);
  });

  it("refuses a keyword that Kubernetes would ignore", () => {
    assert.throws(
      () => structuralSchema(z.string().default("x")),
      /Unknown schema keyword default/,
    );
  });

  const samples = [
    "minimal",
    "laptop",
    "production",
    "phased/1-pool-and-autoscaling",
    "phased/2-circuit-breaker-and-idempotency",
    "phased/3-payments-and-locks",
  ];
  for (const sample of samples) {
    it(`takes the sample ${sample} without losing a field`, () => {
      const spec = sampleSpec(sample);
      assert.deepEqual(platformSpec.parse(spec), spec);
    });
  }
});
