import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import fc from "fast-check";
import { fromDecimal, toDecimal } from "../../src/providers/sslcommerz/decimal-amount.ts";
import { fromReference, toReference } from "../../src/providers/sslcommerz/reference.ts";
import { findingOf } from "../../src/providers/sslcommerz/transaction-evidence.ts";
import { isSignedBySslcommerz } from "../../src/providers/sslcommerz/verify-fields.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

describe("SSLCommerz's forms", () => {
  it("names a UUID in at most 30 characters, reversibly", () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const reference = toReference(uuid);
        assert.ok(reference.length <= 30);
        assert.equal(fromReference(reference), uuid);
      }),
    );
    assert.equal(fromReference("too-short"), undefined);
  });

  it("writes and reads poisha as taka with two decimals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (poisha) => {
        assert.equal(fromDecimal(toDecimal(poisha)), poisha);
      }),
    );
    for (const text of ["", "1e5", "-1.00", "1.234", "NaN"]) {
      assert.equal(fromDecimal(text), undefined);
    }
  });

  it("accepts the signature over the named fields and the password's MD5, and no other", () => {
    // Worked out by hand from the documented rule: sorted names, store_passwd among them.
    const sign = md5(`amount=10.00&status=VALID&store_passwd=${md5("secret")}&tran_id=abc`);
    const fields = new Map([
      ["tran_id", "abc"],
      ["status", "VALID"],
      ["amount", "10.00"],
      ["verify_key", "tran_id,status,amount"],
      ["verify_sign", sign],
    ]);
    assert.equal(isSignedBySslcommerz(fields, "secret"), true);
    assert.equal(isSignedBySslcommerz(fields, "other"), false);
    assert.equal(isSignedBySslcommerz(new Map(fields).set("amount", "9.00"), "secret"), false);
    assert.equal(isSignedBySslcommerz(new Map(), "secret"), false);
  });

  it("refuses a signature that leaves out what is acted on", () => {
    const sign = md5(`amount=10.00&store_passwd=${md5("secret")}`);
    const fields = new Map([
      ["tran_id", "abc"],
      ["status", "VALID"],
      ["amount", "10.00"],
      ["verify_key", "amount"],
      ["verify_sign", sign],
    ]);
    assert.equal(isSignedBySslcommerz(fields, "secret"), false);
  });

  it("counts a captured try before failed ones, and waits while one is pending", () => {
    const tranId = toReference(randomUUID());
    const tried = (status: string) => ({
      status,
      tran_id: tranId,
      currency_type: "BDT",
      currency_amount: "10.00",
      bank_tran_id: `bank-${status}`,
    });
    const outcomeOf = (...statuses: string[]): string => {
      const finding = findingOf(statuses.map(tried));
      return finding.kind === "settled" ? finding.evidence.outcome : finding.kind;
    };
    assert.deepEqual(
      [
        outcomeOf(),
        outcomeOf("FAILED", "VALID"),
        outcomeOf("VALIDATED", "FAILED"),
        outcomeOf("FAILED"),
        outcomeOf("FAILED", "PENDING"),
      ],
      ["none", "captured", "captured", "failed", "pending"],
    );
  });
});
