import { setTimeout as delay } from "node:timers/promises";
import { createHttpClient, type Answer, type HttpClient } from "../../bench/load/http-client.ts";
import { baseUrl } from "./test-cluster.ts";

/** Sends one request and counts it; `undefined` when there was no answer. */
export type Send = (...request: Parameters<HttpClient["send"]>) => Promise<Answer | undefined>;
/** What a client does again and again. */
export type Turn = (send: Send) => Promise<unknown>;

export type Traffic = {
  /** How often each status came; 0 for no answer. */
  readonly counts: Readonly<Record<number, number>>;
  /** A line for every request that wasn't answered with a 2xx. */
  readonly failures: readonly string[];
  /** Awaits the turns under way; throws what one of them threw. */
  readonly stop: () => Promise<void>;
};

export const get =
  (path: string, token?: string): Turn =>
  (send) =>
    send("GET", path, token === undefined ? {} : { token });

/** Clients that take their turns through the gateway until told to stop, each on a kept-alive connection or each time on a new one. */
export const startTraffic = (
  turn: Turn,
  { clients = 1, pauseMs = 50, keepAlive = true } = {},
): Traffic => {
  const counts: Record<number, number> = {};
  const failures: string[] = [];
  const stopped = new AbortController();
  const count = (what: string, status: number, why: string): void => {
    counts[status] = (counts[status] ?? 0) + 1;
    if (status >= 200 && status < 300) return;
    failures.push(`${new Date().toISOString()} ${what}: ${status} ${why.slice(0, 300)}`);
  };
  const run = async (): Promise<void> => {
    const client = createHttpClient(baseUrl, 1);
    const send: Send = async (method, path, options = {}) => {
      const headers = { ...options.headers, ...(keepAlive ? {} : { connection: "close" }) };
      try {
        const answer = await client.send(method, path, { ...options, headers });
        count(`${method} ${path}`, answer.status, answer.text);
        return answer;
      } catch (error) {
        count(`${method} ${path}`, 0, String(error));
        return undefined;
      }
    };
    while (!stopped.signal.aborted) {
      await turn(send);
      await delay(pauseMs);
    }
    await client.close();
  };
  const done = Promise.all(Array.from({ length: clients }, run));
  // It is `stop` that tells; until then an error must not end the process.
  done.catch(() => undefined);
  return {
    counts,
    failures,
    stop: async () => {
      stopped.abort();
      await done;
    },
  };
};
