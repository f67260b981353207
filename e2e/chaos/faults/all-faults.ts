import { killableServices } from "../platform/service-table.ts";
import { crashSteps } from "../exact/crash-points.ts";
import { cutCalls, cutStore } from "./cut-link.ts";
import { freezeStore } from "./freeze-link.ts";
import { skewClocks } from "./skew-clocks.ts";
import { slowLinks } from "./slow-links.ts";
import { deleteQueues } from "./delete-queues.ts";
import { deliverTwice } from "./deliver-twice.ts";
import { noFault, providerEnding } from "./endings.ts";
import type { Fault } from "./fault.ts";
import { flushRedis, restartRedis } from "./flush-redis.ts";
import { killExactly } from "./kill-exactly.ts";
import { killAtRandom } from "./kill-at-random.ts";
import { retryOverCuts } from "./retry-over-cuts.ts";
import { terminateSessions } from "./terminate-sessions.ts";

/** The long form's rows, in its order. */
export const allFaults: readonly Fault[] = [
  noFault,
  ...killableServices.map((name) => killAtRandom(`kill -9 ${name}, at random`, [name])),
  killAtRandom("kill -9 payment-simulator, at random", ["payment-simulator"]),
  ...crashSteps.map(killExactly),
  flushRedis,
  restartRedis,
  cutStore("redis", 1_500),
  cutStore("postgres", 2_000),
  terminateSessions,
  cutStore("rabbitmq", 2_000),
  deleteQueues,
  freezeStore("redis", 1_500),
  freezeStore("postgres", 1_500),
  freezeStore("rabbitmq", 1_500),
  slowLinks,
  cutCalls,
  retryOverCuts(1_000),
  deliverTwice,
  skewClocks,
  providerEnding("decline"),
  providerEnding("slow"),
  providerEnding("timeout_after_charge"),
  providerEnding("error_then_approve"),
  providerEnding("duplicate_webhook"),
];
