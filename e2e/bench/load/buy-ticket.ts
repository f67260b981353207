import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Buyer } from "../platform/access-tokens.ts";
import type { Offer } from "../platform/seat-supply.ts";
import { holdSeat } from "./hold-seat.ts";
import { expectStatus, type Answer, type HttpClient } from "./http-client.ts";

/** What a buyer's browser knows: the checker holds the databases against it. */
export type JournalEntry = {
  readonly buyer: Buyer;
  readonly bookingId: string;
  readonly request: { readonly body: unknown; readonly key: string };
  /** The answer to it, byte for byte. */
  readonly text: string;
  /** How long `POST /api/bookings` took. */
  readonly answerMs: number;
  /** When a look at it is worth it, by the answer. */
  readonly lookAfterMs: number;
};

/** A page that isn't told when to look looks each second. */
const LOOK_SECONDS = 1;
const CONFIRMED_WITHIN_MS = 60_000;

/**
 * One buyer's way from the search to a CONFIRMED booking, through the gateway. Throws where an answer isn't the promised one.
 * Answers once it is confirmed; `journal` has the entry from the 202 on.
 */
export const buyTicket = async (
  client: HttpClient,
  offer: Offer,
  buyer: Buyer,
  journal: JournalEntry[],
): Promise<void> => {
  await searchJourney(client, offer);
  const lockId = await holdSeat(client, offer, buyer);
  const entry = await book(client, buyer, lockId);
  journal.push(entry);
  await whenConfirmed(client, entry);
};

/** The search that the buyer begins with; throws where the journey isn't offered. */
export const searchJourney = async (client: HttpClient, offer: Offer): Promise<void> => {
  const { journeyId, from, to, date } = offer;
  const path = `/api/search/journeys?from=${from}&to=${to}&date=${date}`;
  const found = expectStatus(await client.send("GET", path), 200, "search");
  if (!found.text.includes(`"${journeyId}"`)) throw new Error(`search knows no ${journeyId}`);
};

const book = async (client: HttpClient, buyer: Buyer, lockId: string): Promise<JournalEntry> => {
  const passengers = [{ name: "Bench Buyer" }];
  const request = { body: { lockId, passengers, paymentMethod: "card" }, key: randomUUID() };
  const beganMs = performance.now();
  const answer = await client.send("POST", "/api/bookings", {
    body: request.body,
    token: buyer.token,
    headers: { "idempotency-key": request.key },
  });
  const answerMs = performance.now() - beganMs;
  const { bookingId } = expectStatus(answer, 202, "book").json();
  const lookAfterMs = lookAfterMsOf(answer);
  return { buyer, bookingId: String(bookingId), request, text: answer.text, answerMs, lookAfterMs };
};

/** `Retry-After`, as a page reads it. */
const lookAfterMsOf = ({ headers }: Answer): number =>
  1_000 * Number(headers["retry-after"] ?? LOOK_SECONDS);

const whenConfirmed = async (
  client: HttpClient,
  { buyer: { token }, bookingId, lookAfterMs }: JournalEntry,
): Promise<void> => {
  const untilMs = performance.now() + CONFIRMED_WITHIN_MS;
  for (let pauseMs = lookAfterMs; performance.now() < untilMs;) {
    await wait(pauseMs);
    const answer = await client.send("GET", `/api/bookings/${bookingId}`, { token });
    const { status } = expectStatus(answer, 200, "look at the booking").json();
    if (status === "CONFIRMED") return;
    if (status !== "PAYMENT_PENDING" && status !== "PAYMENT_PROCESSING") {
      throw new Error(`booking ${bookingId} ended as ${String(status)}`);
    }
    pauseMs = lookAfterMsOf(answer);
  }
  throw new Error(`booking ${bookingId} was not confirmed within ${CONFIRMED_WITHIN_MS} ms`);
};
