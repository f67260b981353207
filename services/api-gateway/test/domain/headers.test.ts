import assert from "node:assert/strict";
import { clientAddressOf, networkOf } from "../../src/domain/client-address.ts";
import { headersForService } from "../../src/domain/request-headers.ts";
import { headersForClient } from "../../src/domain/response-headers.ts";

describe("headers for a service", () => {
  it("leave out what is of one connection, what speaks of identity, and what the gateway sets", () => {
    const raw = [
      ["Host", "jatra.example"],
      ["Connection", "keep-alive, X-Mine"],
      ["X-Mine", "1"],
      ["Keep-Alive", "timeout=5"],
      ["Transfer-Encoding", "chunked"],
      ["TE", "trailers"],
      ["Trailer", "x"],
      ["Upgrade", "websocket"],
      ["Proxy-Authorization", "x"],
      ["Authorization", "Bearer x"],
      ["X-Jatra-Identity", "x"],
      ["x-jatra-anything", "x"],
      ["X-INTERNAL-Token", "x"],
      ["X-Forwarded-For", "6.6.6.6"],
      ["Forwarded", "for=6.6.6.6"],
      ["X-Real-IP", "6.6.6.6"],
      ["X-Request-Id", "x"],
      ["Expect", "100-continue"],
      ["Accept", "application/json"],
      ["Idempotency-Key", "k"],
      ["Lock-Token", "t"],
    ].flat();
    assert.deepEqual(headersForService(raw), [
      "accept",
      "application/json",
      "idempotency-key",
      "k",
      "lock-token",
      "t",
    ]);
  });

  it("keep the body's framing whatever the Connection header says", () => {
    const raw = ["Connection", "content-length, close", "Content-Length", "5"];
    assert.deepEqual(headersForService(raw), ["content-length", "5"]);
  });
});

describe("headers for the client", () => {
  it("leave out what is of one connection or tells of the inside, and forbid caching by default", () => {
    const headers = [
      ["content-type", "application/json"],
      ["connection", "keep-alive"],
      ["keep-alive", "timeout=65"],
      ["transfer-encoding", "chunked"],
      ["x-powered-by", "x"],
      ["server", "x"],
      ["x-jatra-identity", "x"],
      ["x-request-id", "x"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ].flat();
    assert.deepEqual(headersForClient(headers, ["X-Request-Id", "r"]), [
      "X-Request-Id",
      "r",
      "content-type",
      "application/json",
      "set-cookie",
      "a=1",
      "set-cookie",
      "b=2",
      "Cache-Control",
      "no-store",
    ]);
  });

  it("keep what the service says about caching", () => {
    const headers = ["cache-control", "public, max-age=60"];
    assert.deepEqual(headersForClient(headers, []), ["cache-control", "public, max-age=60"]);
  });
});

describe("client addresses", () => {
  it("have one form, and IPv6 ones are limited by network", () => {
    assert.equal(clientAddressOf("::ffff:10.1.2.3"), "10.1.2.3");
    assert.equal(clientAddressOf("2001:db8::1"), "2001:db8::1");
    assert.equal(clientAddressOf(undefined), "unknown");
    assert.equal(networkOf("10.1.2.3"), "10.1.2.3");
    assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert.equal(networkOf("2001:db8::1"), "2001:db8:0:0::/64");
    assert.equal(networkOf("::1"), "0:0:0:0::/64");
    assert.equal(networkOf("fe80::1%eth0"), "fe80:0:0:0::/64");
  });
});
