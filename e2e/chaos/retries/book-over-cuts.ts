import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { acquire, bookingRequest } from "../client/buyer.ts";
import type { JourneySeats } from "../client/journey-seats.ts";
import { askOnce, isPassing, type ClientRequest } from "../client/patient-client.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";

/** Of one booking: tries that got no answer, and answers that are compared with each other. */
export const CUT_TRIES = 4;
const ANSWERS = 2;
/** Far more than chance ever asks for. */
const TRIES_MAX = 300;
const PAUSE_MS = 60;

/** Endings that all charge once, each with its own way to look as if it hadn't. */
const endings = [
  "approve",
  "timeout_after_charge",
  "error_then_approve",
  "duplicate_webhook",
] as const;

/**
 * Holds a seat and books it over `url`, whose connections break: under one key again and again, until four tries were cut off
 * and two were answered. Throws where that never comes or an answer isn't 202.
 */
export const bookOverCuts = async (
  platform: SalePlatform,
  url: string,
  journey: JourneySeats,
  number: number,
): Promise<void> => {
  const userId = `retrier-${randomUUID()}`;
  const plan = { journey, ...placeOf(journey, number), intention: "book" } as const;
  const lockId = await acquire(platform, userId, plan);
  if (lockId === undefined) throw new Error(`seat ${plan.seatIds.join()} was taken`);
  const simulate = endings[number % endings.length] ?? "approve";
  const request = bookingRequest(url, userId, lockId, { seatIds: plan.seatIds, simulate });
  await insist(platform, request);
};

const insist = async ({ journal }: SalePlatform, request: ClientRequest): Promise<void> => {
  let cut = 0;
  let answered = 0;
  for (let tries = 0; cut < CUT_TRIES || answered < ANSWERS; tries += 1) {
    if (tries === TRIES_MAX) throw new Error(`${tries} tries: ${cut} cut, ${answered} answered`);
    const { status, body } = await askOnce(request, journal);
    if (status === null) cut += 1;
    else if (status === 202) answered += 1;
    else if (!isPassing(status, body)) throw new Error(`${status} ${body}`);
    await delay(Math.random() * PAUSE_MS);
  }
};

/** A seat of its own for each, on the first leg and then on the next. */
const placeOf = ({ seatIds, stops }: JourneySeats, number: number) => {
  const seatId = seatIds[number % seatIds.length];
  const fromSeq = Math.floor(number / seatIds.length);
  if (seatId === undefined || fromSeq + 1 >= stops.length)
    throw new Error("the train is too small");
  return { seatIds: [seatId], fromSeq, toSeq: fromSeq + 1 };
};
