import { Redis } from "ioredis";
import type { Logger } from "../logging/logger.ts";

export type { Redis } from "ioredis";

/** Redis answers in under a millisecond; whoever waits longer is better off with an error. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MAX_MS = 1_000;

/**
 * A client that does each command at most once. ioredis would by default keep commands while it is disconnected and send those
 * again whose answer was lost: a hold could be taken twice, or long after its request was answered. Here both are
 * errors at once, and the caller decides. Reconnects for ever in the background.
 */
export const createRedis = (options: { readonly url: string; readonly logger: Logger }): Redis => {
  const redis = new Redis(options.url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), RECONNECT_MAX_MS),
  });
  redis.on("error", (error: Error) => options.logger.warn({ err: error }, "Redis is away"));
  return writeTogether(redis);
};

/**
 * Commands of one turn of the event loop leave in one piece: ioredis writes each by itself, and at thousands a second the system calls
 * cost more than the commands. A pipeline of ioredis would do the same for more than it saves.
 */
const writeTogether = (redis: Redis): Redis => {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...command) => {
    const { stream } = redis;
    if (redis.status === "ready" && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return send(...command);
  };
  return redis;
};
