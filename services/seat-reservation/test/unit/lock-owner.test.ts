import assert from "node:assert/strict";
import { owns } from "../../src/domain/lock-owner.ts";
import { createLockToken, hashLockToken } from "../../src/domain/lock-token.ts";

const token = createLockToken();
const tokenHash = hashLockToken(token);
const other = hashLockToken(createLockToken());

describe("a lock", () => {
  it("of a signed-in user opens for that user alone, whoever knows its token", () => {
    const lock = { userId: "anwar", tokenHash };
    assert.equal(owns(lock, { userId: "anwar", tokenHash: undefined }), true);
    assert.equal(owns(lock, { userId: undefined, tokenHash }), false);
    assert.equal(owns(lock, { userId: "selina", tokenHash }), false);
  });

  it("of a guest opens by its token alone", () => {
    const lock = { userId: null, tokenHash };
    assert.equal(owns(lock, { userId: undefined, tokenHash }), true);
    assert.equal(owns(lock, { userId: "anwar", tokenHash }), true);
    assert.equal(owns(lock, { userId: "anwar", tokenHash: undefined }), false);
    assert.equal(owns(lock, { userId: undefined, tokenHash: other }), false);
    assert.equal(owns(lock, { userId: undefined, tokenHash: Buffer.alloc(0) }), false);
  });
});
