import type { z } from "zod";
import { Agent, request } from "undici";
import { identityHeader, requestIdHeader } from "@jatra/contracts/identity.ts";
import { IDLE_CONNECTION_MS } from "../service/drain.ts";

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
  const dispatcher = new Agent({
    connections: CONNECTIONS_MAX,
    connectTimeout: timeoutMs,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // Also where the service would keep them for longer.
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
  });
  return {
    call: async (call) => {
      const url = new URL(call.path, options.baseUrl);
      const { status, text } = await withinTime(timeoutMs, async (signal) => {
        const answer = await request(url, {
          dispatcher,
          method: call.method,
          headers: headersOf(call, options.token),
          body: call.body === undefined ? null : JSON.stringify(call.body),
          signal,
        });
        return { status: answer.statusCode, text: await answer.body.text() };
      }).catch((cause: unknown) => {
        throw new InternalCallError(`${call.method} ${url.pathname} got no answer`, { cause });
      });
      if (status >= 500) throw new InternalCallError(`${call.method} ${url.pathname}: ${status}`);
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      if (status >= 400) return { ok: false, status, code: codeOf(body), body };
      return { ok: true, status, body: call.response.parse(body) };
    },
  };
};

/** A timer that ends with its call: those of `AbortSignal.timeout` live on, thousands at a time under load. */
const withinTime = async <T>(
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("no answer in time")), timeoutMs);
  try {
    return await call(controller.signal);
  } finally {
    clearTimeout(timer);
  }
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
