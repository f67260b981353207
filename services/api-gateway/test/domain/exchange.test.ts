import assert from "node:assert/strict";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { eventually } from "@jatra/testing/eventually.ts";
import { Exchange, type ExchangeResult } from "../../src/proxy/exchange.ts";
import { ServiceCall, type CallHandler } from "../../src/proxy/service-call.ts";
import { SilenceWatch } from "../../src/proxy/silence-watch.ts";
import type { Upstream } from "../../src/proxy/upstreams.ts";

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

/** What becomes of one call. */
type Try = (handler: CallHandler, call: ServiceCall) => void;

/** Runs one exchange over a pool whose tries go as told; answers how many there were and how it ended. */
const run = (method: string, tries: Try[], { hasLeft = false, silenceMs = 10_000 } = {}) => {
  const request = new IncomingMessage(new Socket());
  request.method = method;
  const response = new ServerResponse(request);
  if (hasLeft) response.destroy();
  const results: ExchangeResult[] = [];
  let dispatched = 0;
  const upstream: Upstream = {
    service: "schedule",
    silence: new SilenceWatch(silenceMs),
    inFlight: 0,
    pool: {
      close: async () => undefined,
      send: (call, handler) => {
        const sent = new ServiceCall(call, handler);
        const attempt = tries[dispatched];
        dispatched += 1;
        attempt?.(handler, sent);
        return sent;
      },
    },
  };
  new Exchange({
    request,
    response,
    upstream,
    path: "/api/trains",
    headers: [],
    body: { kind: "none" },
    ownHeaders: () => [],
    onEnd: (result) => results.push(result),
    onProblem: () => response.end(),
  }).start();
  return { dispatched, results, status: response.statusCode, inFlight: upstream.inFlight };
};

const neverLeft = (handler: CallHandler): void => handler.onError(refused);
const leftAndBroke = (handler: CallHandler): void => {
  handler.onSent();
  handler.onError(refused);
};
const answered =
  (status: number) =>
  (handler: CallHandler): void => {
    handler.onSent();
    handler.onAnswer(status, [], 0, undefined);
    handler.onEnd();
  };

describe("an exchange with a service", () => {
  it("tries a read once more that certainly never left", () => {
    const { dispatched, results, inFlight } = run("GET", [neverLeft, answered(200)]);
    assert.equal(dispatched, 2);
    assert.deepEqual(results, [{ kind: "answered", status: 200 }]);
    assert.equal(inFlight, 0);
  });

  it("gives up after the second try, and reports one failure for both", () => {
    const { dispatched, results } = run("GET", [neverLeft, neverLeft, answered(200)]);
    assert.equal(dispatched, 2);
    assert.deepEqual(results, [{ kind: "unreachable" }]);
  });

  it("never tries again what may have left, or what may change something", () => {
    assert.equal(run("GET", [leftAndBroke, answered(200)]).dispatched, 1);
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      assert.equal(run(method, [neverLeft, answered(200)]).dispatched, 1, method);
    }
  });

  it("reports a failing status once, as soon as it is known", () => {
    assert.deepEqual(run("GET", [answered(503)]).results, [{ kind: "answered", status: 503 }]);
  });

  it("gives a service up that falls silent, before its answer or within it", async () => {
    const begun = (handler: CallHandler): void => {
      handler.onSent();
      handler.onAnswer(200, [], Number.NaN, undefined);
      handler.onData(Buffer.from("half"));
    };
    for (const silent of [() => undefined, begun]) {
      const { results } = run("GET", [silent], { silenceMs: 20 });
      assert.deepEqual(results, []);
      await eventually(() => results.length > 0);
      assert.deepEqual(results, [{ kind: "timed_out" }]);
    }
  });

  it("waits on for a service that goes on talking, and for a client that reads slowly", async () => {
    const silenceMs = 60;
    let sent = 0;
    const talks = (handler: CallHandler): void => {
      handler.onSent();
      handler.onAnswer(200, [], Number.NaN, undefined);
      const timer = setInterval(() => {
        handler.onData(Buffer.from("."));
        sent += 1;
        if (sent === 20) {
          clearInterval(timer);
          handler.onEnd();
        }
      }, silenceMs / 6);
    };
    const talking = run("GET", [talks], { silenceMs });
    const readSlowly: Try = (handler, call) => {
      handler.onSent();
      call.pause();
    };
    const reading = run("GET", [readSlowly], { silenceMs });
    await eventually(() => talking.results.length > 0);
    assert.deepEqual(talking.results, [{ kind: "answered", status: 200 }]);
    assert.deepEqual(reading.results, []);
  });

  it("sends nothing for a client that has left already, and counts nothing", () => {
    for (const method of ["GET", "POST"]) {
      const { dispatched, results, inFlight } = run(method, [answered(200)], { hasLeft: true });
      assert.deepEqual({ dispatched, inFlight }, { dispatched: 0, inFlight: 0 });
      assert.deepEqual(results, [{ kind: "client_gone" }]);
    }
  });
});
