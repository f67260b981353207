import { setTimeout as delay } from "node:timers/promises";
import { request, type Dispatcher } from "undici";
import { z } from "zod";
import type { WantedSeat } from "./find-seat.ts";

export type RaceAnswer = {
  readonly outcome: "won" | "refused" | "unexpected";
  /** Of the try that was answered; without the pauses before it. */
  readonly tookMs: number;
  readonly detail: string;
  readonly lock: { readonly lockId: string; readonly lockToken: string } | undefined;
};

/** Why a try was not the last one: too many a second from one address, or no answer. */
export type OnRetry = (why: "rate limited" | "no answer") => void;

const lockSchema = z.object({ lockId: z.string(), lockToken: z.string() });
/** The gateway's own limit is 10 s. */
const ANSWER_TIMEOUT_MS = 20_000;
/** All buyers come from one address, and platforms other than the laptop's give an address far fewer requests a second. */
const RATE_LIMIT_PAUSE_MS = 1_000;
/** Half a minute: by then the crowd has come through any limit that is worth setting. */
const TRIES_MAX = 30;

/** One guest who wants the seat: tries until there is an answer that decides. */
export const race = async (
  baseUrl: string,
  seat: WantedSeat,
  dispatcher: Dispatcher,
  onRetry: OnRetry,
): Promise<RaceAnswer> => {
  for (let tries = 1; ; tries += 1) {
    const startedMs = performance.now();
    const answer = await acquire(baseUrl, seat, dispatcher);
    const tookMs = performance.now() - startedMs;
    if ((answer !== undefined && answer.status !== 429) || tries === TRIES_MAX) {
      return judge(answer, tookMs);
    }
    onRetry(answer === undefined ? "no answer" : "rate limited");
    await delay(RATE_LIMIT_PAUSE_MS * (0.5 + Math.random()));
  }
};

/** Gives the won seat back, so that the next race finds the train as this one did. */
export const giveBack = async (
  baseUrl: string,
  { lockId, lockToken }: NonNullable<RaceAnswer["lock"]>,
  dispatcher: Dispatcher,
): Promise<boolean> => {
  const url = `${baseUrl}/api/seats/locks/${lockId}`;
  const headers = { "lock-token": lockToken };
  const { statusCode, body } = await request(url, { dispatcher, method: "DELETE", headers });
  await body.dump();
  return statusCode === 204;
};

type Answer = { readonly status: number; readonly text: string };

const acquire = async (
  baseUrl: string,
  { journeyId, seatId }: WantedSeat,
  dispatcher: Dispatcher,
): Promise<Answer | undefined> => {
  try {
    const { statusCode, body } = await request(`${baseUrl}/api/seats/locks/acquire`, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ journeyId, seatIds: [seatId] }),
      headersTimeout: ANSWER_TIMEOUT_MS,
    });
    return { status: statusCode, text: await body.text() };
  } catch {
    return undefined;
  }
};

const judge = (answer: Answer | undefined, tookMs: number): RaceAnswer => {
  const detail = answer ? `${answer.status} ${answer.text.slice(0, 120)}` : "no answer";
  const base = { tookMs, detail, lock: undefined };
  if (answer?.status === 201) {
    return { ...base, outcome: "won", lock: lockSchema.parse(JSON.parse(answer.text)) };
  }
  const refused = answer?.status === 409 && answer.text.includes('"seat_unavailable"');
  return { ...base, outcome: refused ? "refused" : "unexpected" };
};
