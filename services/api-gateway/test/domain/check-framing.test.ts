import assert from "node:assert/strict";
import { framingFault } from "../../src/domain/check-framing.ts";

const fault = (httpVersion: string, hosts: number, transferEncoding?: string) =>
  framingFault({
    httpVersion,
    rawHeaders: ["Accept", "*/*", ...Array.from({ length: hosts }, () => ["hOsT", "a"]).flat()],
    transferEncoding,
  });

describe("the framing of a request", () => {
  it("is good with one Host and chunked or no transfer coding", () => {
    assert.equal(fault("1.1", 1), undefined);
    assert.equal(fault("1.1", 1, "Chunked"), undefined);
    assert.equal(fault("1.0", 0), undefined);
    assert.equal(fault("1.0", 1), undefined);
  });

  it("is refused with another version, no or two Hosts, and any other coding", () => {
    for (const version of ["0.9", "2.0", "1.2"]) assert.ok(fault(version, 1), version);
    assert.ok(fault("1.1", 0));
    assert.ok(fault("1.1", 2));
    assert.ok(fault("1.0", 2));
    for (const coding of ["gzip, chunked", "chunked, chunked", "identity", "", "x"]) {
      assert.ok(fault("1.1", 1, coding), coding);
    }
    assert.ok(fault("1.0", 1, "chunked"));
  });
});
