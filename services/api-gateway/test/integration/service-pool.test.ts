import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { eventually } from "@jatra/testing/eventually.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { send, startPoolFixture, type PoolFixture } from "../pool-fixture.ts";

describe("connections to a service", () => {
  let fixture: PoolFixture;
  beforeEach(async () => {
    fixture = await startPoolFixture();
  });
  afterEach(() => fixture.close());

  it("are as many as allowed, with the others waiting, and take turns", async () => {
    const turns: (number | undefined)[] = [];
    const held: ServerResponse[] = [];
    fixture.answer = (request, response) => {
      turns.push(request.socket.remotePort);
      held.push(response);
    };
    const pool = fixture.pool();
    const calls = Array.from({ length: 6 }, () => send(pool));
    await eventually(() => held.length === 4);
    assert.equal(fixture.sockets.size, 4);
    assert.equal(calls.filter(({ outcome }) => outcome.sent).length, 4);
    for (const response of held.splice(0)) response.end();
    await eventually(() => held.length === 2);
    for (const response of held) response.end();
    for (const { over } of calls) await over();
    fixture.answer = (request, response) => {
      turns.push(request.socket.remotePort);
      response.end();
    };
    for (let count = 0; count < 8; count += 1) await send(pool).over();
    assert.equal(new Set(turns.slice(-4)).size, 4, "each one in its turn");
    assert.deepEqual(turns.slice(-4), turns.slice(-8, -4));
  });

  it("end after their lifetime, and when nobody has used them for a while", async () => {
    fixture.answer = (_request, response) => setTimeout(() => response.end(), 60);
    await send(fixture.pool({ lifetimeMs: 50 })).over();
    await eventually(() => fixture.sockets.size === 0);
    fixture.answer = (_request, response) => response.end();
    await send(fixture.pool({ idleMs: 50 })).over();
    assert.equal(fixture.sockets.size, 1);
    await eventually(() => fixture.sockets.size === 0);
  });

  it("aren't used again once the service has closed them", async () => {
    const pool = fixture.pool();
    await send(pool).over();
    fixture.server.closeIdleConnections();
    // The end of the connection and the next call meet in one turn of the event loop.
    const until = performance.now() + 50;
    while (performance.now() < until);
    const { outcome, over } = send(pool);
    await over();
    assert.equal(outcome.end, "answered");
  });

  it("fail the call that they were opened for, and only that one", async () => {
    const port = await freePort();
    const pool = fixture.pool({}, port);
    const calls = [send(pool), send(pool)];
    for (const { over, outcome } of calls) {
      await over();
      assert.equal(
        outcome.end instanceof Error && "code" in outcome.end && outcome.end.code,
        "ECONNREFUSED",
      );
      assert.equal(outcome.sent, false);
    }
  });

  it("forget a call that is aborted while it waits, and close under one that was sent", async () => {
    const pool = fixture.pool({ connectionsMax: 1 });
    const held: ServerResponse[] = [];
    fixture.answer = (_request, response) => held.push(response);
    const first = send(pool);
    const second = send(pool);
    await eventually(() => held.length === 1);
    second.call.abort();
    first.call.abort();
    await eventually(() => fixture.sockets.size === 0);
    fixture.answer = (_request, response) => response.end("fine");
    const third = send(pool);
    await third.over();
    assert.equal(third.outcome.body, "fine");
    assert.deepEqual([first.outcome.end, second.outcome.end], ["none", "none"]);
    assert.equal(second.outcome.sent, false);
  });

  it("are deaf to a call that is over", async () => {
    const pool = fixture.pool({ connectionsMax: 1 });
    const first = send(pool);
    await first.over();
    const arrived = Promise.withResolvers<ServerResponse>();
    fixture.answer = (_request, response) => arrived.resolve(response);
    const second = send(pool);
    const response = await arrived.promise;
    first.call.pause();
    first.call.abort();
    response.end("fine");
    await second.over();
    assert.equal(second.outcome.body, "fine");
  });

  it("finish what is under way before the pool has closed", async () => {
    const pool = fixture.pool();
    const { promise, resolve } = Promise.withResolvers<ServerResponse>();
    fixture.answer = (_request, response) => resolve(response);
    const running = send(pool);
    const response = await promise;
    const closed = pool.close();
    const late = send(pool);
    await late.over();
    assert.ok(late.outcome.end instanceof Error);
    response.end("fine");
    await closed;
    assert.deepEqual([running.outcome.end, running.outcome.body], ["answered", "fine"]);
  });
});
