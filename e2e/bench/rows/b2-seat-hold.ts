import { randomUUID } from "node:crypto";
import { Redis as PlainRedis } from "ioredis";
import { createRedis, type Redis } from "@jatra/common/redis/client.ts";
import { whenRedisReady } from "@jatra/common/redis/when-redis-ready.ts";
import { createLuaScripts, type LuaScripts } from "@jatra/seat-reservation/locks/lua-scripts.ts";
import { loadScript } from "@jatra/seat-reservation/locks/script.ts";
import { seatKeysOf } from "@jatra/seat-reservation/locks/seat-keys.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { testStores } from "@jatra/testing/stores.ts";
import { closedLoop } from "../load/closed-loop.ts";
import { median } from "../load/latencies.ts";
import { ratioTo, type Bench, type BenchOptions, type Row } from "../row.ts";
import { benchmarkScript, emptyRedis } from "../stores/redis-benchmark.ts";
import { createRowLocks } from "../variants/row-locks.ts";
import { lockOneByOne } from "../variants/set-nx-loop.ts";

const SEAT_IDS = ["seat-1", "seat-2", "seat-3", "seat-4"] as const;
const TTL_SECONDS = 600;
const CLIENTS = 50; // redis-benchmark's own default
const ROUNDS = 3;
const WARM_UP_MS = 500;
/** Requests that a client has under way at a time; redis-benchmark's -P. */
const PIPELINES = [1, 16] as const;
const SHARE_OF_REDIS_BENCHMARK = 0.5;
const TIMES_THE_LOOP = 3;

type Contest = {
  readonly scripts: LuaScripts;
  readonly redis: Redis;
  /** ioredis as it comes: what people who write the loop have. Ours writes the commands of a turn together. */
  readonly plain: Redis;
  readonly inFlight: number;
  readonly pipeline: number;
  readonly roundMs: number;
};

/** Holds of four seats, each of another journey, so that every one of them succeeds and writes four markers. */
export const seatHold: Bench = {
  id: "B2",
  title: "hold of four seats in Redis, from the service's own store code",
  measure: async (options) => {
    const { redisUrl } = await testStores();
    const redis = createRedis({ url: redisUrl, logger: silentLogger });
    const plain = new PlainRedis(redisUrl);
    await Promise.all([redis, plain].map((client) => whenRedisReady(client, 5_000)));
    // The script asks for no journey where it is told the stretch.
    const scripts = createLuaScripts(redis, { find: async () => undefined });
    const rows: Row[] = [];
    try {
      const rowLocks = await measureRowLocks(options);
      for (const pipeline of PIPELINES) {
        const inFlight = CLIENTS * pipeline;
        const roundMs = options.brief ? 700 : 4_000;
        const contest = { scripts, redis, plain, inFlight, pipeline, roundMs };
        rows.push(await measurePipeline(contest, rowLocks, options));
      }
    } finally {
      await emptyRedis();
      redis.disconnect();
      plain.disconnect();
    }
    return rows;
  },
};

const measurePipeline = async (
  contest: Contest,
  rowLocks: number,
  { say }: BenchOptions,
): Promise<Row> => {
  const results: Record<"ours" | "benchmark" | "loop" | "ourLoop", number[]> = {
    ours: [],
    benchmark: [],
    loop: [],
    ourLoop: [],
  };
  const { redis, plain, scripts, inFlight, pipeline, roundMs } = contest;
  const run = async (work: (journeyId: string) => Promise<boolean>): Promise<number> => {
    await emptyRedis();
    const { perSecond } = await closedLoop({
      inFlight,
      durationMs: roundMs,
      warmUpMs: WARM_UP_MS,
      work: async (index) => {
        if (!(await work(`journey-${index}`))) throw new Error("a hold of free seats was refused");
      },
    });
    return perSecond;
  };
  // Turn by turn, so that a machine that is busy for a while slows all of them.
  for (let round = 1; round <= ROUNDS; round++) {
    results.ours.push(await run((journeyId) => holdByScript(scripts, journeyId)));
    await emptyRedis();
    results.benchmark.push(await runRedisBenchmark(pipeline, roundMs));
    results.loop.push(await run((journeyId) => holdOneByOne(plain, journeyId)));
    results.ourLoop.push(await run((journeyId) => holdOneByOne(redis, journeyId)));
    say(`pipelining ${pipeline}, round ${round} of ${ROUNDS}`);
  }
  return toRow(pipeline, median(results.ours), [
    {
      name: `redis-benchmark -c ${CLIENTS} -P ${pipeline}, EVALSHA`,
      value: median(results.benchmark),
    },
    {
      name: "SET NX one seat after the other, over ioredis as it comes",
      value: median(results.loop),
    },
    { name: "the same loop over our client", value: median(results.ourLoop) },
    { name: "SELECT … FOR UPDATE in PostgreSQL", value: rowLocks },
  ]);
};

const toRow = (pipeline: number, value: number, against: Row["against"]): Row => {
  const [benchmark, loop] = against.map((rival) => value / rival.value);
  return {
    id: pipeline === 1 ? "B2" : `B2-${pipeline}`,
    what: `holds of 4 seats, one process and connection, ${CLIENTS * pipeline} in flight`,
    value,
    unit: "holds/s",
    against,
    ratio: ratioTo(value, against, "more"),
    goal: `≥ ${SHARE_OF_REDIS_BENCHMARK} × redis-benchmark, ≥ ${TIMES_THE_LOOP} × the loop`,
    met: (benchmark ?? 0) >= SHARE_OF_REDIS_BENCHMARK && (loop ?? 0) >= TIMES_THE_LOOP,
    notes: [
      `${figureOf(benchmark)} × redis-benchmark, ${figureOf(loop)} × the loop; medians of ${ROUNDS} rounds`,
    ],
  };
};

const figureOf = (ratio: number | undefined): string => (ratio ?? Number.NaN).toFixed(2);

const holdByScript = async (scripts: LuaScripts, journeyId: string): Promise<boolean> => {
  const of = { lockId: randomUUID(), stretch: { fromSeq: 0, toSeq: 1 } };
  const held = await scripts.atomicLockSeats(journeyId, "buyer", SEAT_IDS, TTL_SECONDS, of);
  return held.success;
};

const holdOneByOne = (redis: Redis, journeyId: string): Promise<boolean> => {
  const { keys } = seatKeysOf({ journeyId, seatIds: SEAT_IDS, fromSeq: 0, toSeq: 1 });
  return lockOneByOne(redis, keys, "buyer", TTL_SECONDS);
};

const runRedisBenchmark = (pipeline: number, roundMs: number): Promise<number> =>
  benchmarkScript(loadScript("atomic-lock"), {
    // Its placeholder becomes another number each time: other seats and another owner for every call.
    keys: SEAT_IDS.map((seatId) => `seat:{journey-__rand_int__}:${seatId}:0`),
    args: ["lock-__rand_int__", String(TTL_SECONDS * 1000)],
    clients: CLIENTS,
    pipeline,
    // About as long as the other rounds, at its usual 40,000 a second.
    requests: Math.round((roundMs / 1000) * 40_000 * (pipeline > 1 ? 1.5 : 1)),
  });

const measureRowLocks = async (options: BenchOptions): Promise<number> => {
  const rowLocks = await createRowLocks({ journeys: 4_000, seatIds: SEAT_IDS });
  try {
    const { perSecond } = await closedLoop({
      inFlight: CLIENTS,
      durationMs: options.brief ? 700 : 4_000,
      warmUpMs: WARM_UP_MS,
      work: async (index) => {
        if (!(await rowLocks.hold(`journey-${index % 4_000}`, "buyer", index >= 4_000)))
          throw new Error("a hold of free seats was refused");
      },
    });
    return perSecond;
  } finally {
    await rowLocks.drop();
  }
};
