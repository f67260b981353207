import type { z } from "zod";
import { Agent } from "undici";
import { identityHeader, requestIdHeader } from "@jatra/contracts/identity.ts";
import { IDLE_CONNECTION_MS } from "../service/drain.ts";
import { exchange } from "./exchange.ts";

export type InternalCall<S extends z.ZodType> = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly requestId?: string;
  /** Handing on a person's identity (admin console) instead of the platform's internal token. */
  readonly identity?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a 2xx holds. */
  readonly response: S;
};

export type InternalAnswer<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly body: unknown };

export type InternalClient = {
  readonly call: <S extends z.ZodType>(
    call: InternalCall<S>,
  ) => Promise<InternalAnswer<z.infer<S>>>;
};

/** Inside the cluster an answer takes milliseconds; a caller's own deadline is 10 s or more. */
const TIMEOUT_MS = 5_000;
/** Enough for a pod's own concurrency; more would only queue at the callee. */
const CONNECTIONS_MAX = 64;

/**
 * HTTP to one other service. 4xx come back as `ok: false` with the problem's code; 5xx, timeouts and broken
 * connections throw `InternalCallError`, since only trying again helps.
 */
export const createInternalClient = (options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly timeoutMs?: number;
}): InternalClient => {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const { origin } = new URL(options.baseUrl);
  const dispatcher = new Agent({
    connections: CONNECTIONS_MAX,
    connectTimeout: timeoutMs,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // Also where the service would keep them for longer.
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
  });
  return {
    call: async (call) => {
      const { method, path } = call;
      const { status, text } = await exchange(
        dispatcher,
        {
          origin,
          path,
          method,
          headers: headersOf(call, options.token),
          body: call.body === undefined ? null : JSON.stringify(call.body),
        },
        timeoutMs,
      ).catch((cause: unknown) => {
        throw new InternalCallError(`${method} ${path} got no answer`, { cause });
      });
      if (status >= 500) throw new InternalCallError(`${method} ${path}: ${status}`);
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      if (status >= 400) return { ok: false, status, code: codeOf(body), body };
      return { ok: true, status, body: call.response.parse(body) };
    },
  };
};

export class InternalCallError extends Error {
  override readonly name = "InternalCallError";
  /** Read by the error handler: to the client this is an outage, 503. */
  readonly code = "ECONNREFUSED";
}

const headersOf = (call: InternalCall<z.ZodType>, token: string): Record<string, string> => ({
  ...(call.identity === undefined
    ? { authorization: `Bearer ${token}` }
    : { [identityHeader]: call.identity }),
  ...(call.requestId === undefined ? {} : { [requestIdHeader]: call.requestId }),
  ...(call.body === undefined ? {} : { "content-type": "application/json" }),
  ...call.headers,
});

const codeOf = (body: unknown): string =>
  typeof body === "object" && body !== null && "code" in body ? String(body.code) : "unknown";
