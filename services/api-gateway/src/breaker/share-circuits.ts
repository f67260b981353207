import { z } from "zod";
import type { Logger } from "@jatra/common/logging/logger.ts";
import { duplicateRedis, type Redis } from "@jatra/common/redis/client.ts";
import type { SharedWord } from "../domain/shared-word.ts";
import type { Circuits } from "./create-circuits.ts";

const messageSchema = z.object({
  pod: z.string(),
  service: z.string(),
  version: z.int().min(0),
  state: z.enum(["closed", "open"]),
  failure: z.boolean(),
});

export type CircuitChannel = {
  readonly tell: (service: string, word: SharedWord) => void;
  /** Begins to hear the other pods. */
  readonly listen: (circuits: Circuits) => void;
  readonly close: () => void;
};

/**
 * Words between gateway pods over Redis pub/sub. Nothing waits for it and nothing depends on it: while Redis is away each
 * pod counts alone, and what was missed is made good by the word that a later message or the board carries.
 */
export const createCircuitChannel = (dependencies: {
  readonly redis: Redis;
  readonly pod: string;
  /** Pub/sub knows no database numbers, so a test of its own needs a channel of its own. */
  readonly channel: string;
  readonly logger: Logger;
}): CircuitChannel => {
  const { redis, pod, channel, logger } = dependencies;
  const subscriber = duplicateRedis(redis);
  subscriber.on("error", () => undefined);
  const tell = (service: string, word: SharedWord): void => {
    const message = JSON.stringify({ pod, service, ...word });
    redis.publish(channel, message).catch((error: unknown) => {
      logger.debug({ err: error, circuit: service }, "the other pods were not told");
    });
  };
  return {
    tell,
    listen: (circuits) => {
      subscriber.on("message", (_channel: string, text: string) => {
        const message = parse(text);
        if (!message || message.pod === pod) return;
        const answer = circuits.get(message.service)?.hear(message);
        if (answer) tell(message.service, answer);
      });
      subscribeWheneverReady(subscriber, channel, logger);
    },
    close: () => subscriber.disconnect(),
  };
};

/** At each connection anew: one that was refused while Redis loaded its data would stay deaf. */
const subscribeWheneverReady = (subscriber: Redis, channel: string, logger: Logger): void => {
  const subscribe = (): void => {
    subscriber.subscribe(channel).catch((error: unknown) => {
      logger.warn({ err: error }, "can't hear the circuits of the other pods");
    });
  };
  if (subscriber.status === "ready") subscribe();
  subscriber.on("ready", subscribe);
};

const parse = (text: string): z.infer<typeof messageSchema> | undefined => {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
