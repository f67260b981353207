import assert from "node:assert/strict";
import { z } from "zod";
import { GROUP, PLURAL, VERSION } from "../../src/api/platform.ts";
import { platformSpec } from "../../src/api/spec.ts";
import { structuralSchema } from "../../src/api/structural-schema.ts";
import type { ApiClient } from "../../src/runtime/api-client.ts";
import { ApiError } from "../../src/runtime/api-error.ts";
import { WRONG_RESOURCES } from "../support/wrong-resources.ts";
import { deleteIfThere, makeNamespace, NAMESPACE, testClient } from "./test-client.ts";

const COLLECTION = `/apis/${GROUP}/${VERSION}/namespaces/${NAMESPACE}/${PLURAL}`;

describe("a wrong JatraPlatform is refused", () => {
  let client: ApiClient;
  before(async () => {
    client = await testClient();
    await makeNamespace(client);
  });
  after(async () => await client.close());

  for (const [index, { field, before: taken, wrong, message }] of WRONG_RESOURCES.entries()) {
    it(`${field}: ${message.slice(0, 60)}…`, async () => {
      const name = `wrong-${index}`;
      if (taken !== undefined) await put(client, name, taken, false);
      try {
        await assert.rejects(put(client, name, wrong, true), (error) => {
          assert.ok(error instanceof ApiError);
          const causes = error.causes.map((cause) => [cause.field, cause.message]);
          const wanted = causes.find(([where]) => where === field);
          assert.ok(wanted?.[1]?.endsWith(message), JSON.stringify(causes));
          return true;
        });
      } finally {
        await deleteIfThere(client, `${COLLECTION}/${name}`);
      }
    });
  }

  it("has a case for every rule of the schema", () => {
    const cases = new Set(WRONG_RESOURCES.map(({ message }) => message));
    for (const message of messagesOf(structuralSchema(platformSpec))) {
      assert.ok(cases.has(message), `no case for: ${message}`);
    }
  });

  it("but a right one is taken", async () => {
    await put(
      client,
      "right",
      { services: { booking: { autoscaling: { maxReplicas: 4 } } } },
      true,
    );
  });
});

/** Paused: the operator of the cluster must not make a platform of it. */
async function put(client: ApiClient, name: string, spec: object, isDryRun: boolean) {
  await client.call({
    method: "PATCH",
    path: `${COLLECTION}/${name}`,
    query: {
      fieldManager: "jatra-operator-test",
      force: "true",
      ...(isDryRun && { dryRun: "All" }),
    },
    contentType: "application/apply-patch+yaml",
    body: {
      apiVersion: `${GROUP}/${VERSION}`,
      kind: "JatraPlatform",
      metadata: { name },
      spec: { ...spec, paused: true },
    },
  });
}

const rules = z.array(z.object({ message: z.string() }));

function messagesOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) =>
    key === "x-kubernetes-validations"
      ? rules.parse(child).map(({ message }) => message)
      : messagesOf(child),
  );
}
