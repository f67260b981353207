import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { startTestProxy, type TestProxy } from "@jatra/testing/test-proxy.ts";
import { createTestRedis, type TestRedis } from "@jatra/testing/test-redis.ts";
import { through } from "../platform/links.ts";
import { startPod, type Pod } from "./pod-process.ts";
import type { SeatStore } from "./seat-commands.ts";
import type { PodSettings } from "./seat-pod.ts";

const migrations = new URL("../../../services/seat-reservation/migrations", import.meta.url);

/** Pods over a database and a Redis number of their own, each behind a proxy that can break its connections. */
export type SeatStage = {
  readonly pods: readonly Pod[];
  /** Reaches any of them, as a load balancer does. */
  readonly ask: SeatStore;
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly links: { readonly postgres: TestProxy; readonly redis: TestProxy };
  readonly close: () => Promise<void>;
};

export const openSeatStage = async (
  settings: Pick<PodSettings, "store" | "journeyIds">,
  podCount: number,
): Promise<SeatStage> => {
  const database = await createTestDatabase({ folder: migrations });
  const redis = await createTestRedis();
  const links = {
    postgres: await startTestProxy(database.url),
    redis: await startTestProxy(redis.url),
  };
  const addresses = {
    databaseUrl: through(links.postgres, database.url),
    redisUrl: through(links.redis, redis.url),
  };
  const starting = Array.from({ length: podCount }, () => startPod({ ...settings, ...addresses }));
  const pods = await Promise.all(starting);
  return {
    pods,
    ask: async (command) => {
      const ready = pods.filter((pod) => pod.isUp());
      const pod = ready[Math.floor(Math.random() * ready.length)];
      if (!pod) throw new Error("no pod is up");
      return pod.ask(command);
    },
    database,
    redis,
    links,
    close: async () => {
      await Promise.all(pods.map((pod) => pod.stop()));
      await links.postgres.close();
      await links.redis.close();
      await redis.drop();
      await database.drop();
    },
  };
};
