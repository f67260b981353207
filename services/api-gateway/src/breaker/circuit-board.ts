import { z } from "zod";
import type { Redis } from "@jatra/common/redis/client.ts";
import type { Circuits } from "./create-circuits.ts";

/** Three reports missed: the pod is gone. */
const TTL_SECONDS = 15;

const reportSchema = z.object({
  pod: z.string(),
  circuits: z.array(
    z.object({
      service: z.string(),
      state: z.enum(["closed", "open", "half_open"]),
      failures: z.int(),
      version: z.int(),
      probeInMs: z.int(),
    }),
  ),
});
export type CircuitReport = z.infer<typeof reportSchema>;

/** What every gateway pod says of its circuits, in Redis: a key a pod that ends with it, and the set of their names. */
export type CircuitBoard = {
  /** Writes this pod's report and learns from the others': a pod that starts or was cut off catches up here. */
  readonly exchange: () => Promise<void>;
  /** All pods' reports, this pod's as of now. `complete: false`: Redis is away, so it is only this pod's. */
  readonly read: () => Promise<{ complete: boolean; pods: CircuitReport[] }>;
  /** Takes this pod off the board. */
  readonly leave: () => Promise<void>;
};

export const createCircuitBoard = (dependencies: {
  readonly redis: Redis;
  readonly pod: string;
  readonly circuits: Circuits;
  readonly prefix: string;
}): CircuitBoard => {
  const { redis, pod, circuits, prefix } = dependencies;
  const podsKey = `${prefix}:pods`;
  const keyOf = (name: string): string => `${prefix}:pod:${name}`;
  const others = async (): Promise<CircuitReport[]> => {
    const names = (await redis.smembers(podsKey)).filter((name) => name !== pod);
    if (names.length === 0) return [];
    const texts = await redis.mget(names.map(keyOf));
    const gone = names.filter((_, index) => texts[index] === null);
    if (gone.length > 0) await redis.srem(podsKey, gone);
    return texts.flatMap((text) => parse(text));
  };
  return {
    exchange: async () => {
      await redis
        .multi()
        .sadd(podsKey, pod)
        .set(keyOf(pod), JSON.stringify(reportOf(pod, circuits)), "EX", TTL_SECONDS)
        .exec();
      for (const report of await others()) learn(report, circuits);
    },
    read: async () => {
      const own = reportOf(pod, circuits);
      try {
        const all = [own, ...(await others())];
        return { complete: true, pods: all.sort((a, b) => (a.pod < b.pod ? -1 : 1)) };
      } catch {
        return { complete: false, pods: [own] };
      }
    },
    leave: async () => {
      await redis.multi().srem(podsKey, pod).del(keyOf(pod)).exec();
    },
  };
};

const reportOf = (pod: string, circuits: Circuits): CircuitReport => ({
  pod,
  circuits: [...circuits].map(([service, circuit]) => {
    const { phase, ...view } = circuit.view();
    return { service, state: phase, ...view };
  }),
});

const learn = (report: CircuitReport, circuits: Circuits): void => {
  for (const { service, state, version, probeInMs } of report.circuits) {
    // A report may be some seconds old: an opening whose pause is over by now would only open the circuit anew.
    if (state === "open" && probeInMs === 0) continue;
    const shared = state === "closed" ? "closed" : "open";
    circuits.get(service)?.hear({ version, state: shared, failure: false });
  }
};

const parse = (text: string | null): CircuitReport[] => {
  if (text === null) return [];
  const report = reportSchema.safeParse(JSON.parse(text));
  return report.success ? [report.data] : [];
};
