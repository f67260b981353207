import assert from "node:assert/strict";
import { createDocument } from "@jatra/common/openapi/create-document.ts";
import { createDocuments } from "@jatra/common/openapi/documents.ts";
import { loadOperations } from "@jatra/common/openapi/load-operations.ts";
import { problemsByStatus } from "@jatra/common/openapi/operation-problems.ts";
import { chapters } from "@jatra/contracts/api-guide.ts";
import { operation, type Operation } from "@jatra/contracts/operation.ts";
import { z } from "zod";

const cancel = operation({
  operationId: "cancelThing",
  method: "post",
  path: "/api/things/:thingId/cancel",
  summary: "Cancel a thing",
  access: "user",
  params: z.object({ thingId: z.uuid() }),
  body: z.object({ reason: z.string() }),
  responses: { 202: { description: "Taken up", schema: z.object({ thingId: z.uuid() }) } },
  problems: ["not_found", "conflict"],
  idempotency: "required",
});
const internal = operation({
  operationId: "readThing",
  method: "get",
  path: "/internal/things/:thingId",
  summary: "Read a thing",
  access: "internal",
  responses: { 200: { description: "It", contentType: "application/pdf" } },
  problems: [],
});

const documentOf = (operations: readonly Operation[]) =>
  createDocument({ title: "T", description: "D", groups: [{ name: "thing", operations }] });

describe("OpenAPI document", () => {
  it("has the path in braces, its parameters, the key's header and the bearer", () => {
    const post = documentOf([cancel]).paths?.["/api/things/{thingId}/cancel"]?.post;
    const parameters = z
      .array(z.looseObject({ in: z.string(), name: z.string(), required: z.boolean() }))
      .parse(post?.parameters)
      .map(({ in: place, name, required }) => [place, name, required]);
    assert.deepEqual(parameters, [
      ["path", "thingId", true],
      ["header", "Idempotency-Key", true],
    ]);
    assert.deepEqual(post?.security, [{ bearer: [] }]);
  });

  it("lists every status that the plumbing, the gateway or the contract may answer", () => {
    const statuses = Object.keys(
      documentOf([cancel]).paths?.["/api/things/{thingId}/cancel"]?.post?.responses ?? {},
    );
    const expected = [202, 400, 401, 404, 408, 409, 413, 415, 422, 429, 431, 500, 502, 503, 504];
    assert.deepEqual(statuses.map(Number), expected);
    assert.deepEqual(problemsByStatus(cancel).get(409), ["conflict", "idempotency_in_flight"]);
  });

  it("says nothing of the gateway on internal paths", () => {
    assert.deepEqual(new Set(problemsByStatus(internal).keys()), new Set([401, 500, 503]));
  });

  it("has an answer that many operations may give once, and each operation points at it", () => {
    const list = {
      ...cancel,
      operationId: "listThings",
      method: "get",
      path: "/api/things",
    } as const;
    const { paths, components } = documentOf([cancel, list]);
    const $ref = "#/components/responses/429.rate_limited";
    assert.deepEqual(paths?.["/api/things"]?.get?.responses?.[429], { $ref });
    assert.deepEqual(paths?.["/api/things/{thingId}/cancel"]?.post?.responses?.[429], { $ref });
    assert.ok(components?.responses?.["429.rate_limited"]);
  });

  it("lists a refused bearer also where none is needed, but not where tokens are given out", () => {
    const open: Operation = { ...cancel, access: "public" };
    assert.deepEqual(problemsByStatus(open).get(401), ["unauthorized"]);
    const login = { ...open, path: "/api/auth/login" };
    assert.equal(problemsByStatus(login).get(401), undefined);
  });

  it("lets answers grow and keeps what a strict request refuses", () => {
    const strict: Operation = { ...cancel, body: z.strictObject({ reason: z.string() }) };
    const text = JSON.stringify(documentOf([strict]).paths);
    assert.equal(text.split('"additionalProperties":false').length - 1, 1);
  });

  it("refuses two operations of one id or one path", () => {
    const other: Operation = { ...cancel, operationId: "other", path: "/api/things/:id/cancel" };
    assert.throws(() => documentOf([cancel, cancel]), /cancelThing/);
    assert.throws(() => documentOf([cancel, other]), /two operations/);
  });
});

describe("OpenAPI documents of the platform", () => {
  it("tell a client all that the gateway itself may answer, at every operation", async () => {
    const groups = await loadOperations();
    const operations = groups.flatMap((group) => group.operations);
    for (const operation of operations.filter(({ access }) => access !== "internal")) {
      const listed = new Set(problemsByStatus(operation).keys());
      for (const status of [400, 408, 413, 429, 431, 500, 502, 503, 504]) {
        assert.ok(listed.has(status), `${operation.operationId} may answer ${status}`);
      }
    }
  });

  it("explain idempotency keys, and have a chapter in the guide for each service", async () => {
    const document = createDocuments(await loadOperations()).get("api-gateway");
    for (const code of [
      "idempotency_key_reused",
      "idempotency_in_flight",
      "idempotency_key_missing",
    ]) {
      assert.ok(document?.info.description?.includes(code), code);
    }
    assert.deepEqual(
      document?.tags?.map(({ name }) => name),
      chapters.map(({ service }) => service),
    );
    const stranger = { name: "stranger", operations: [{ ...cancel, path: "/api/strange" }] };
    assert.throws(() => createDocuments([stranger]), /no chapter for stranger/);
  });

  it("can all be made, and the gateway's has no internal path", async () => {
    const documents = createDocuments(await loadOperations());
    const paths = Object.keys(documents.get("api-gateway")?.paths ?? {});
    assert.ok(paths.includes("/api/auth/login"));
    assert.deepEqual(
      paths.filter((path) => !path.startsWith("/api/") && path !== "/health"),
      [],
    );
  });
});
