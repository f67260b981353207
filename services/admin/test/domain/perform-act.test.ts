import assert from "node:assert/strict";
import { performAct, type ActAnswer, type ActIntent } from "../../src/domain/perform-act.ts";

const intent: ActIntent = {
  actor: { userId: "a1", role: "admin", name: "Admin", email: "admin@example.com" },
  action: "cancelBooking",
  service: "booking",
  method: "POST",
  path: "/api/bookings/b1/cancel",
  body: undefined,
  requestId: "r1",
};
const answer: ActAnswer = { ok: true, status: 202, code: null, body: { status: "CANCELLED" } };

/** A log and a service that write down the order of events; either may be told to fail. */
const scene = (fails: { intent?: boolean; call?: boolean; result?: boolean } = {}) => {
  const events: string[] = [];
  const failing = (event: string, fail: boolean | undefined): void => {
    events.push(event);
    if (fail) throw new Error(`${event} failed`);
  };
  return {
    events,
    audit: {
      recordIntent: async () => {
        failing("intent", fails.intent);
        return "7";
      },
      recordResult: async (actId: string, result: object) =>
        failing(`result ${actId} ${JSON.stringify(result)}`, fails.result),
    },
    call: async (): Promise<ActAnswer> => {
      failing("call", fails.call);
      return answer;
    },
    resultLost: (_error: unknown, actId: string) => void events.push(`lost ${actId}`),
  };
};

describe("performing an act", () => {
  it("writes it down, does it, writes down how it ended", async () => {
    const run = scene();
    assert.equal(await performAct(run, intent), answer);
    assert.deepEqual(run.events, [
      "intent",
      "call",
      'result 7 {"outcome":"DONE","status":202,"code":null}',
    ]);
  });

  it("does nothing that it could not write down first", async () => {
    const run = scene({ intent: true });
    await assert.rejects(performAct(run, intent), /intent failed/);
    assert.deepEqual(run.events, ["intent"]);
  });

  it("writes down a refusal with its code", async () => {
    const run = scene();
    const refused = { ok: false, status: 409, code: "booking_not_cancellable", body: {} };
    await performAct({ ...run, call: async () => refused }, intent);
    assert.equal(
      run.events.at(-1),
      'result 7 {"outcome":"REFUSED","status":409,"code":"booking_not_cancellable"}',
    );
  });

  it("leaves open what happened when no answer came", async () => {
    const run = scene({ call: true });
    await assert.rejects(performAct(run, intent), /call failed/);
    assert.equal(run.events.at(-1), 'result 7 {"outcome":"UNANSWERED","status":null,"code":null}');
  });

  it("answers what was done though its result can't be written, and tells", async () => {
    const run = scene({ result: true });
    assert.equal(await performAct(run, intent), answer);
    assert.equal(run.events.at(-1), "lost 7");
    assert.equal(run.events.filter((event) => event.startsWith("result")).length, 1);
  });
});
