import assert from "node:assert/strict";
import { adminActs, operations } from "@jatra/contracts/http/admin.ts";

describe("the acts of an admin", () => {
  it("are open to admins alone, as everything here", () => {
    assert.deepEqual(
      operations.filter(({ access }) => access !== "admin"),
      [],
    );
  });

  it("stand below /api/admin with the path of what they do", () => {
    for (const { operation, target } of adminActs) {
      assert.equal(operation.path.replace("/api/admin/", "/api/"), target.path);
      assert.equal(operation.method, target.method);
    }
  });

  it("leave idempotency to the service that does the act", () => {
    assert.deepEqual(
      operations.filter(({ idempotency }) => idempotency !== undefined),
      [],
    );
    const cancel = adminActs.find(({ target }) => target.operationId === "cancelBooking");
    assert.equal(cancel?.target.idempotency, "required");
    assert.ok(cancel?.operation.problems.includes("idempotency_key_missing"));
  });
});
