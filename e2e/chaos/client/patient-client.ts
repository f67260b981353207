import { setTimeout as delay } from "node:timers/promises";
import { testIdentity } from "@jatra/testing/test-identity.ts";
import type { Action, Journal, JournalEntry } from "./journal.ts";

export type ClientRequest = {
  readonly userId: string;
  readonly action: Action;
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly key: string | null;
  readonly subjectId: string | null;
  readonly body?: object;
};

/** Longer than the services' own handlers take (24 s), so that a client never gives up what still runs. */
const ANSWER_TIMEOUT_MS = 30_000;
/** Longer than any fault of a run lasts: a client that gave up would hide what was lost. */
const GIVE_UP_AFTER_MS = 180_000;
const PAUSE_MS = { first: 100, max: 2_000 } as const;

/**
 * Asks until a definite answer comes, as a good client does: no answer, 5xx, 429 and «in flight» are asked again under the same
 * key. Every try stands in the journal. Throws after three minutes without one.
 */
export const askPatiently = async (
  request: ClientRequest,
  journal: Journal,
): Promise<{ readonly status: number; readonly body: string }> => {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.max)) {
    const { status, body } = await askOnce(request, journal);
    if (status !== null && !isPassing(status, body)) return { status, body };
    if (Date.now() > giveUpAt) {
      throw new Error(`${request.method} ${request.url}: ${status ?? "no answer"} ${body}`);
    }
    // Scattered, so that clients that were cut off together don't come back together.
    await delay(pauseMs * (0.5 + Math.random()));
  }
};

/** One try, written into the journal. */
export const askOnce = async (
  request: ClientRequest,
  journal: Journal,
): Promise<Pick<JournalEntry, "status" | "body">> => {
  const { userId, action, key, subjectId } = request;
  const sentAt = new Date();
  const answer = await send(request);
  journal.write({ sentAt, userId, action, key, subjectId, ...answer });
  return answer;
};

const send = async (request: ClientRequest): Promise<Pick<JournalEntry, "status" | "body">> => {
  const { userId, method, url, key, body } = request;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...testIdentity({ userId }).headers,
        ...(key === null ? {} : { "idempotency-key": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    // Refused, cut or too late: what became of the request, nobody told.
    return { status: null, body: "" };
  }
};

/** Nothing definite: worth asking again under the same key. */
export const isPassing = (status: number, body: string): boolean =>
  status >= 500 || status === 429 || (status === 409 && body.includes("idempotency_in_flight"));
