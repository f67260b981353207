import { exchange, type ExchangeAnswer } from "@jatra/common/http/exchange.ts";
import { Pool } from "undici";

export type Answer = ExchangeAnswer & {
  readonly json: () => Record<string, unknown>;
};

export type HttpClient = {
  readonly send: (
    method: "GET" | "POST",
    path: string,
    options?: {
      readonly body?: unknown;
      readonly token?: string;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** Longer than the gateway's own patience, so that its answer is what is counted. */
const TIMEOUT_MS = 20_000;

/** Keep-alive connections to one server, at most `connections`, one request at a time on each. */
export const createHttpClient = (baseUrl: string, connections: number): HttpClient => {
  const pool = new Pool(baseUrl, { connections, pipelining: 1 });
  const { origin } = new URL(baseUrl);
  return {
    send: async (method, path, { body, token, headers } = {}) => {
      const request = {
        origin,
        method,
        path,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
      };
      const answer = await exchange(pool, request, TIMEOUT_MS);
      return { ...answer, json: () => JSON.parse(answer.text) };
    },
    close: () => pool.close(),
  };
};

/** The answer if it has the status that was promised; throws with what came instead. */
export const expectStatus = (answer: Answer, status: number, what: string): Answer => {
  if (answer.status === status) return answer;
  throw new Error(`${what}: ${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`);
};
