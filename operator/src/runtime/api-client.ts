import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { ApiError } from "./api-error.ts";
import type { Credentials } from "./credentials.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Raw JSON over HTTP: typed models drop fields they don't know and mistake dates. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** Longest time for the answer, retries included; without it CALL_DEADLINE_MS. */
  readonly deadlineMs?: number;
}

export interface ApiClient {
  /** The parsed answer. Throws ApiError for anything but 2xx, after its retries. */
  readonly call: (call: ApiCall) => Promise<unknown>;
  /** Lines of a watch, as they come; ends when the server ends it. */
  readonly lines: (call: ApiCall, signal: AbortSignal) => AsyncGenerator<string>;
  readonly close: () => Promise<void>;
}

/** A call that takes longer than the API server's own limit for writes (34 s) won't be answered. */
const CALL_DEADLINE_MS = 30_000;
/** Longest that a busy server may make us wait by Retry-After. */
const RETRY_AFTER_MAX_MS = 10_000;
const ATTEMPTS_MAX = 5;
/** What controllers usually allow themselves; the API server's own fairness does the rest. */
const CALLS_PER_SECOND = 50;
/** The first run of a platform looks for 130 objects and makes them: 300 calls without a wait. */
const CALLS_BURST = 300;

/** Is told of every answer, for the metrics; code 0 when there was none. */
export type CallObserver = (call: Pick<ApiCall, "method" | "path">, statusCode: number) => void;

/**
 * A client with one connection pool, one rate limit, and a deadline for every call. `beforeWrite`
 * is asked immediately before anything but a GET is sent, also before a retry, and throws where
 * writing isn't allowed any more.
 */
export function createApiClient(
  credentials: Credentials,
  observe: CallObserver,
  beforeWrite: () => void = () => undefined,
): ApiClient {
  const bucket = new TokenBucket(CALLS_PER_SECOND, CALLS_BURST);
  const send = async (call: ApiCall, signal: AbortSignal) => {
    await bucket.take(signal);
    const headers = await headersOf(credentials, call);
    if (call.method !== "GET") beforeWrite();
    try {
      const response = await request(addressOf(credentials.server, call), {
        method: call.method,
        dispatcher: credentials.dispatcher,
        headers,
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal,
      });
      observe(call, response.statusCode);
      return response;
    } catch (error) {
      observe(call, 0);
      throw error;
    }
  };
  return {
    call: async (call) => await callWithRetries(call, send),
    lines: (call, signal) => readLines(call, signal, send),
    close: async () => await credentials.dispatcher.close(),
  };
}

type Response = Awaited<ReturnType<typeof request>>;
type Send = (call: ApiCall, signal: AbortSignal) => Promise<Response>;

/** 429 and 503 are asked again after the time the server names; 401 once, with a fresh token. */
async function callWithRetries(call: ApiCall, send: Send): Promise<unknown> {
  const signal = AbortSignal.timeout(call.deadlineMs ?? CALL_DEADLINE_MS);
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(call, signal);
    const text = await response.body.text();
    if (response.statusCode < 300) return text === "" ? undefined : JSON.parse(text);
    const waitMs = retryDelayMs(response, attempt);
    if (waitMs === undefined) throw errorOf(call, response.statusCode, text);
    await delay(waitMs, undefined, { signal });
  }
}

function retryDelayMs(response: Response, attempt: number): number | undefined {
  if (attempt >= ATTEMPTS_MAX) return undefined;
  if (response.statusCode === 401) return attempt === 1 ? 0 : undefined;
  if (response.statusCode !== 429 && response.statusCode !== 503) return undefined;
  const seconds = Number(response.headers["retry-after"] ?? "1");
  const askedMs = Number.isFinite(seconds) ? seconds * 1000 : 1000;
  // The jitter keeps everybody who was turned away from coming back in the same instant.
  return Math.min(RETRY_AFTER_MAX_MS, askedMs) * (1 + Math.random() / 4);
}

async function* readLines(call: ApiCall, signal: AbortSignal, send: Send): AsyncGenerator<string> {
  const response = await send(call, signal);
  if (response.statusCode >= 300) {
    throw errorOf(call, response.statusCode, await response.body.text());
  }
  let rest = "";
  response.body.setEncoding("utf8");
  for await (const chunk of response.body) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}

function errorOf(call: ApiCall, statusCode: number, text: string): ApiError {
  return new ApiError(`${call.method} ${call.path}`, statusCode, parsedOrText(text));
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 500) };
  }
}

function addressOf(server: string, call: ApiCall): string {
  const query = new URLSearchParams(call.query).toString();
  return `${server}${call.path}${query === "" ? "" : `?${query}`}`;
}

async function headersOf(credentials: Credentials, call: ApiCall): Promise<Record<string, string>> {
  return {
    ...(await credentials.headers()),
    accept: call.accept ?? "application/json",
    "user-agent": "jatra-operator",
    ...(call.body !== undefined && { "content-type": call.contentType ?? "application/json" }),
  };
}
