import { setTimeout as delay } from "node:timers/promises";
import type { z } from "zod";
import { Failure } from "./failure.ts";

/** One step as it is shown: what, the request, the HTTP status, milliseconds, a word on the answer. */
export type Step = {
  name: string;
  request: string;
  status: number;
  durationMs: number;
  detail?: string;
};
export type Report = (step: Step) => void;

type Request<Answer> = {
  method: string;
  path: string;
  body?: object;
  headers?: Record<string, string>;
  accessToken?: string;
  expected: number;
  schema: z.ZodType<Answer>;
  detail?: (answer: Answer) => string;
};

type Poll<Answer> = {
  path: string;
  accessToken?: string;
  schema: z.ZodType<Answer>;
  timeoutMs: number;
  pollMs: number;
  until: (answer: Answer) => boolean;
  detail: (answer: Answer) => string;
};

const requestTimeoutMs = 15_000; // the gateway's own limit is 10 s
/** Fewer tries than open a circuit (5), and longer together than a busy node's proxy was seen behind (1 s). */
const unreachableWaitsMs = [1_000, 2_000, 4_000];

/** An HTTP client that reports every step and throws `Failure` where an answer isn't the promised one. */
export function createClient(baseUrl: string, report: Report) {
  async function send<Answer>(name: string, request: Request<Answer>): Promise<Answer> {
    const startedMs = Date.now();
    const { response, text } = await callWhenReachable(baseUrl, request);
    const durationMs = Date.now() - startedMs;
    const what = `${request.method} ${request.path}`;
    const step = { name, request: what, status: response.status, durationMs };
    if (response.status !== request.expected) {
      report(step);
      const answer = text.slice(0, 300);
      throw new Failure(
        `${what} answered ${response.status} instead of ${request.expected}: ${answer}`,
      );
    }
    const answer = request.schema.parse(JSON.parse(text));
    report(request.detail ? { ...step, detail: request.detail(answer) } : step);
    return answer;
  }

  async function poll<Answer>(name: string, wish: Poll<Answer>): Promise<Answer> {
    const startedMs = Date.now();
    const deadline = startedMs + wish.timeoutMs;
    const what = `GET ${wish.path}`;
    let last = "no answer";
    while (Date.now() < deadline) {
      const response = await call(baseUrl, { method: "GET", ...wish }).catch(() => undefined);
      const text = await response?.text();
      if (response?.status === 200 && text !== undefined) {
        const answer = wish.schema.parse(JSON.parse(text));
        last = wish.detail(answer);
        if (wish.until(answer)) {
          const durationMs = Date.now() - startedMs;
          report({ name, request: what, status: 200, durationMs, detail: last });
          return answer;
        }
      } else if (response) last = `${response.status} ${text?.slice(0, 200) ?? ""}`;
      await delay(wish.pollMs);
    }
    throw new Failure(`${name}: not within ${wish.timeoutMs / 1000} s (${what}: ${last}).`);
  }

  async function download(name: string, path: string, accessToken: string): Promise<Buffer> {
    const startedMs = Date.now();
    const response = await call(baseUrl, { method: "GET", path, accessToken });
    const bytes = Buffer.from(await response.arrayBuffer());
    const durationMs = Date.now() - startedMs;
    const detail = `${bytes.length} bytes`;
    report({ name, request: `GET ${path}`, status: response.status, durationMs, detail });
    if (response.status !== 200) throw new Failure(`GET ${path} answered ${response.status}.`);
    return bytes;
  }

  return { send, poll, download };
}

type Call = {
  method: string;
  path: string;
  body?: object;
  headers?: Record<string, string>;
  accessToken?: string;
};

/**
 * Ready is the control plane's word: a node's proxy hears of a Service's first addresses a moment later, and until then
 * the gateway can't reach it. Such a request is sent again.
 */
async function callWhenReachable(baseUrl: string, request: Call) {
  for (const waitMs of unreachableWaitsMs) {
    const response = await call(baseUrl, request);
    const text = await response.text();
    if (response.status !== 502 || !text.includes('"upstream_unreachable"')) {
      return { response, text };
    }
    await delay(waitMs);
  }
  const response = await call(baseUrl, request);
  return { response, text: await response.text() };
}

async function call(baseUrl: string, request: Call): Promise<Response> {
  const { method, path, body, accessToken } = request;
  try {
    return await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(accessToken ? { Authorization: `Bearer ${accessToken}` } : {}),
        ...request.headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
  } catch (cause) {
    throw new Failure(`${method} ${baseUrl}${path} got no answer: is the gateway running?`, {
      cause,
    });
  }
}
