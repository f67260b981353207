import assert from "node:assert/strict";
import { loadOperations } from "@jatra/common/openapi/load-operations.ts";
import { readsBearer, type Operation } from "@jatra/contracts/operation.ts";
import { needsToken, readsTokens } from "../../src/domain/early-access.ts";
import { createRouteTable, type RouteTable } from "../../src/domain/route-table.ts";

const operation = (
  operationId: string,
  method: Operation["method"],
  path: string,
  access: Operation["access"] = "public",
): Operation => ({
  operationId,
  method,
  path,
  access,
  summary: operationId,
  responses: {},
  problems: [],
});

const table = createRouteTable({
  seats: [
    operation("getLock", "get", "/api/seats/locks/:lockId"),
    operation("acquireLock", "post", "/api/seats/locks/acquire", "optional"),
    operation("extendLock", "post", "/api/seats/locks/:lockId/extend", "optional"),
    operation("payLock", "post", "/internal/locks/:lockId/pay", "internal"),
    operation("hidden", "get", "/api/hidden/x", "internal"),
  ],
  auth: [
    operation("login", "post", "/api/auth/login"),
    operation("jwks", "get", "/.well-known/jwks.json"),
  ],
});
const found = (routes: RouteTable, method: string, path: string) => {
  const match = routes.match(method, path);
  return match && [match.service, match.operation?.operationId];
};

describe("the route table", () => {
  it("finds service and operation, literal segments before parameters", () => {
    assert.deepEqual(found(table, "POST", "/api/seats/locks/acquire"), ["seats", "acquireLock"]);
    assert.deepEqual(found(table, "GET", "/api/seats/locks/acquire"), ["seats", "getLock"]);
    assert.deepEqual(found(table, "POST", "/api/seats/locks/7/extend"), ["seats", "extendLock"]);
  });

  it("leaves unknown paths and methods below a known prefix to the service", () => {
    for (const [method, path] of [
      ["GET", "/api/auth/login"],
      ["POST", "/api/auth"],
      ["DELETE", "/api/auth/a/b/c"],
      ["GET", "/api/auth/"],
    ] as const) {
      assert.deepEqual(found(table, method, path), ["auth", undefined], path);
    }
  });

  it("knows nothing outside the public prefixes", () => {
    for (const path of [
      "/",
      "/api",
      "/api/",
      "/api/authx/login",
      "/apix/auth",
      "/internal/locks/1/pay",
      "/.well-known/jwks.json",
      "/api/hidden/x",
      "/metrics",
    ]) {
      assert.equal(table.match("GET", path), undefined, path);
    }
  });

  it("refuses one prefix for two services", () => {
    const operations = {
      a: [operation("x", "get", "/api/x/1")],
      b: [operation("y", "get", "/api/x/2")],
    };
    assert.throws(() => createRouteTable(operations), /claimed by a and b/);
  });

  it("finds every public operation of the contracts", async () => {
    const groups = await loadOperations();
    const platform = groups.filter(({ name }) => name !== "payment-simulator");
    const routes = createRouteTable(
      Object.fromEntries(platform.map(({ name, operations }) => [name, operations])),
    );
    for (const { name, operations } of platform) {
      for (const { operationId, method, path, access } of operations) {
        if (access === "internal" || !path.startsWith("/api/")) continue;
        const concrete = path.replaceAll(/:[A-Za-z]+/g, "x1");
        assert.deepEqual(found(routes, method.toUpperCase(), concrete), [name, operationId]);
      }
    }
  });
});

describe("early access", () => {
  it("asks for a token where nobody may do without", () => {
    const of = (access: Operation["access"], id = "x") => operation(id, "get", "/api/x", access);
    assert.equal(needsToken(undefined, true), false);
    assert.equal(needsToken(of("public"), false), false);
    assert.equal(needsToken(of("optional"), false), false);
    for (const access of ["user", "staff", "admin"] as const) {
      assert.equal(needsToken(of(access), true), true);
    }
  });

  it("lets guests acquire a lock only where guest holds are on", () => {
    const acquire = operation("acquireLock", "post", "/api/seats/locks/acquire", "optional");
    assert.equal(needsToken(acquire, false), true);
    assert.equal(needsToken(acquire, true), false);
  });

  it("knows the operation that a guest begins with by its real name", async () => {
    const seats = (await loadOperations()).find(({ name }) => name === "seat-reservation");
    const acquire = seats?.operations.find(({ path }) => path === "/api/seats/locks/acquire");
    assert.equal(acquire?.operationId, "acquireLock");
    assert.equal(acquire.access, "optional");
  });

  it("reads bearers where the documents say that a bad one is refused", async () => {
    for (const { name, operations } of await loadOperations()) {
      for (const each of operations.filter(({ path }) => path.startsWith("/api/"))) {
        assert.equal(readsBearer(each), readsTokens(name), each.operationId);
      }
    }
  });
});
