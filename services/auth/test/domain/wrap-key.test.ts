import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { makeSigningKey, openPrivateKey } from "../../src/domain/signing-key.ts";
import { unwrapKey, wrapKey } from "../../src/domain/wrap-key.ts";

const wrappingKey = randomBytes(32);
const secret = Buffer.from("the private half");

describe("key wrapping", () => {
  it("gives back what was wrapped", () => {
    assert.deepEqual(
      unwrapKey(wrapKey(secret, "kid-1", wrappingKey), "kid-1", wrappingKey),
      secret,
    );
  });

  it("refuses another wrapping key, another kid and a changed byte", () => {
    const wrapped = wrapKey(secret, "kid-1", wrappingKey);
    const changed = Buffer.from(wrapped);
    changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
    assert.throws(() => unwrapKey(wrapped, "kid-1", randomBytes(32)));
    assert.throws(() => unwrapKey(wrapped, "kid-2", wrappingKey));
    assert.throws(() => unwrapKey(changed, "kid-1", wrappingKey));
  });

  it("keeps no private key in the clear", () => {
    const stored = makeSigningKey(wrappingKey);
    const der = openPrivateKey(stored, wrappingKey).export({ format: "der", type: "pkcs8" });
    assert.equal(stored.wrappedPrivateKey.includes(der.subarray(-32)), false);
    assert.equal("d" in stored.publicKey, false);
  });
});
