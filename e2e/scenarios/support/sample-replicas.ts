import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ApiClient } from "../../../operator/src/runtime/api-client.ts";

/** What of a Deployment is sampled. */
export type Replicas = {
  /** What was wished for; also a wish of a moment takes pods away. */
  readonly wished: number;
  readonly running: number;
  readonly ready: number;
};

const EVERY_MS = 100;

const deploymentSchema = z.object({
  spec: z.object({ replicas: z.int() }),
  status: z.object({ replicas: z.int().default(0), readyReplicas: z.int().default(0) }),
});

/** Looks at a Deployment every 100 ms until stopped; answers how often, and the lowest figure of each kind. */
export const sampleReplicas = (client: ApiClient, path: string) => {
  const samples: Replicas[] = [];
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const { spec, status } = deploymentSchema.parse(await client.call({ method: "GET", path }));
      const { replicas, readyReplicas } = status;
      samples.push({ wished: spec.replicas, running: replicas, ready: readyReplicas });
      await delay(EVERY_MS);
    }
  };
  const done = run();
  return {
    stop: async () => {
      stopped.abort();
      await done;
      const lowest = (pick: (sample: Replicas) => number) => Math.min(...samples.map(pick));
      return {
        count: samples.length,
        wished: lowest(({ wished }) => wished),
        running: lowest(({ running }) => running),
        ready: lowest(({ ready }) => ready),
      };
    },
  };
};
