import assert from "node:assert/strict";
import { buildChecker, checkHistory } from "../../chaos/linearizability/check-history.ts";
import {
  createRecorder,
  type Hold,
  type Recorder,
} from "../../chaos/linearizability/create-recorder.ts";
import type { Operation } from "../../chaos/linearizability/history.ts";
import { recordHistory } from "../../chaos/linearizability/record-history.ts";
import { openSeatStage } from "../../chaos/linearizability/seat-stage.ts";
import { calm, forgetfulRedis } from "../../chaos/linearizability/troubles.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { histories } from "./linearizability-histories.ts";

/** The first time, Go compiles the checker. */
const BUILD_WITHIN_MS = 180_000;

/** The short form of `npm run prove -- linearizability`. */
describe("holds of seats, recorded from several processes and checked with Porcupine", function () {
  this.timeout(BUILD_WITHIN_MS);
  before(async () => void (await buildChecker()));

  for (const trouble of [calm, forgetfulRedis]) {
    it(`are linearizable (trouble: ${trouble.name})`, async () => {
      const recording = { journeys: 3, clients: 5, operations: 250, pods: 2 };
      const { history } = await recordHistory(recording, trouble);
      const verdict = await checkHistory(history);
      assert.equal(verdict.verdict, "linearizable", JSON.stringify(verdict, null, 2));
      // Where Redis forgets, hardly a refusal is left that nobody else was there to excuse.
      assert.ok(trouble !== calm || verdict.refusalsHeld > 0, "no refusal had to be explained");
      assert.ok(verdict.open > 0, "no call stayed open");
      const seen = new Set(history.operations.map(({ kind, outcome }) => `${kind} ${outcome}`));
      const wanted = ["acquire ok", "extend ok", "release ok", "pay ok", "sell changed"];
      assert.deepEqual(
        wanted.filter((one) => !seen.has(one)),
        [],
      );
    });
  }
});

describe("the checker of recorded holds", function () {
  this.timeout(BUILD_WITHIN_MS);
  before(async () => void (await buildChecker()));

  for (const { title, verdict, refusals, operations } of histories) {
    it(`${verdict === "linearizable" ? "accepts" : "refuses"} ${title}`, async () => {
      const history = { refusals: refusals ?? "strict", clockError: 0, operations };
      const found = await checkHistory(history, { keepRefused: false });
      assert.equal(found.verdict, verdict, JSON.stringify(found, null, 2));
    });
  }

  it("can't be talked into a verdict by a history that makes no sense", async () => {
    const operations: Operation[] = [
      { client: 1, journey: "j", kind: "read", call: 1, return: 2, lock: "none", outcome: "HELD" },
    ];
    await assert.rejects(
      checkHistory({ refusals: "strict", clockError: 0, operations }, { keepRefused: false }),
      /nobody acquired/,
    );
  });
});

const journey = "journey-1";
const place = { seats: ["seat-1"], fromSeq: 0, toSeq: 2 };

describe("a store without its guards", function () {
  this.timeout(BUILD_WITHIN_MS);
  before(async () => void (await buildChecker()));

  /** A hold runs out, a successor has the seat, the first one releases late, a third one comes. */
  const releaseLate = async (store: "service" | "unguarded") => {
    const stage = await openSeatStage({ store, journeyIds: [journey] }, 1);
    try {
      const recorder = createRecorder(stage.ask);
      const late = heldBy(await recorder.acquire({ client: 1, journey }, place, 1));
      await eventually(async () => {
        const hold = await recorder.acquire({ client: 2, journey }, place, 60);
        return typeof hold === "object";
      });
      await recorder.release({ client: 1, journey }, late);
      await recorder.acquire({ client: 3, journey }, place, 60);
      return await verdictOf(recorder);
    } finally {
      await stage.close();
    }
  };

  it("is refused: `SET NX` without an owner token frees a successor's seat", async () => {
    assert.equal(await releaseLate("unguarded"), "not linearizable");
  });

  it("is told from the service, which passes the same history", async () => {
    assert.equal(await releaseLate("service"), "linearizable");
  });

  /** Redis forgets a hold, and another buyer comes. */
  const forgetOnce = async (without: string | undefined) => {
    const stage = await openSeatStage({ store: "service", journeyIds: [journey] }, 1);
    try {
      if (without !== undefined) await stage.database.pool.query(without);
      const recorder = createRecorder(stage.ask);
      heldBy(await recorder.acquire({ client: 1, journey }, place, 60));
      await stage.redis.redis.flushdb();
      await recorder.acquire({ client: 2, journey }, place, 60);
      return await verdictOf(recorder);
    } finally {
      await stage.close();
    }
  };

  it("is refused: the service without its unique index, once Redis forgets", async () => {
    assert.equal(await forgetOnce("DROP INDEX claims_one_owner"), "not linearizable");
    assert.equal(await forgetOnce(undefined), "linearizable");
  });
});

const heldBy = (hold: Hold | string): Hold => {
  if (typeof hold === "string") throw new Error(hold);
  return hold;
};

const verdictOf = async (recorder: Recorder): Promise<string> => {
  const history = recorder.history("strict", []);
  return (await checkHistory(history, { keepRefused: false })).verdict;
};
