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

  it("is good with a host's name or address, with or without a port, and nothing else for a Host", () => {
    const withHost = (host: string) =>
      framingFault({ httpVersion: "1.1", rawHeaders: ["Host", host], transferEncoding: undefined });
    const good = ["a", "localhost:30000", "api-gateway", "jatra.example.com:443", "10.0.0.1:3000"];
    for (const host of [...good, "[::1]", "[fe80::1]:3000", "a_b:", "xn--q7ce6a.example"]) {
      assert.equal(withHost(host), undefined, host);
    }
    const bad = ["", " ", "a/b", "user@a", "a, b", "a,b", "a b", "a?b", "a#b", "http://a", "a:b"];
    for (const host of [...bad, "a:123456", "a:1:2", "[::1", "::1", "a\\b", "\xe4"]) {
      assert.ok(withHost(host), host);
    }
  });
});
