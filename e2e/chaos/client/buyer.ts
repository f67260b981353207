import { randomUUID } from "node:crypto";
import type { PaymentDetails } from "@jatra/contracts/messages/payment-process.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { askOnce, askPatiently, type ClientRequest } from "./patient-client.ts";
import type { JourneySeats } from "./journey-seats.ts";

type Simulation = NonNullable<PaymentDetails["simulate"]>;

/** What one client is going to do; chosen by the sale, so that a run's mix is a setting. */
export type BuyerPlan = {
  readonly journey: JourneySeats;
  readonly seatIds: readonly string[];
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly simulate: Simulation;
  readonly intention: "book" | "abandon" | "release" | "cancel while paying" | "cancel";
  /** Sends the booking twice at the same time. */
  readonly hasty: boolean;
  /** Another client's booking or lock to reach for. */
  readonly envies: string | undefined;
};

export type Bought = { readonly lockId: string; readonly bookingId: string | undefined };

/** Seconds; short, so that an abandoned hold ends within a run. */
const ABANDONED_TTL_SECONDS = 5;
/** Longer than a run with all its faults: whoever wants to book still has the seats. */
const TTL_SECONDS = 300;

/** One client from hold to the accepted booking (and its cancellation); `undefined` where the seats were taken. */
export const buy = async (
  platform: SalePlatform,
  plan: BuyerPlan,
  untilEnded: (bookingId: string) => Promise<void>,
): Promise<Bought | undefined> => {
  const userId = `buyer-${randomUUID()}`;
  if (plan.envies !== undefined) await trespass(platform, userId, plan.envies);
  const lockId = await acquire(platform, userId, plan);
  if (lockId === undefined || plan.intention === "abandon") {
    return lockId === undefined ? undefined : { lockId, bookingId: undefined };
  }
  if (plan.intention === "release") {
    await release(platform, userId, lockId);
    return { lockId, bookingId: undefined };
  }
  const bookingId = await book(platform, userId, lockId, plan);
  if (bookingId === undefined) return { lockId, bookingId };
  if (plan.intention === "cancel") await untilEnded(bookingId);
  if (plan.intention !== "book") await cancel(platform, userId, bookingId);
  return { lockId, bookingId };
};

/** The lock's id; `undefined` where the seats were taken. */
export const acquire = async (
  platform: SalePlatform,
  userId: string,
  plan: Pick<BuyerPlan, "journey" | "seatIds" | "fromSeq" | "toSeq" | "intention">,
): Promise<string | undefined> => {
  const { journey, seatIds, fromSeq, toSeq } = plan;
  const answer = await askPatiently(
    {
      userId,
      action: "acquire",
      method: "POST",
      url: `${platform.urlOf("seat-reservation")}/api/seats/locks/acquire`,
      key: randomUUID(),
      subjectId: null,
      body: {
        journeyId: journey.journeyId,
        seatIds,
        from: journey.stops[fromSeq],
        to: journey.stops[toSeq],
        ttlSeconds: plan.intention === "abandon" ? ABANDONED_TTL_SECONDS : TTL_SECONDS,
      },
    },
    platform.journal,
  );
  if (answer.status === 409) return undefined;
  return idIn(answer, 201, "lockId");
};

const release = async (platform: SalePlatform, userId: string, lockId: string): Promise<void> => {
  const url = `${platform.urlOf("seat-reservation")}/api/seats/locks/${lockId}`;
  const answer = await askPatiently(
    { userId, action: "release", method: "DELETE", url, key: null, subjectId: lockId },
    platform.journal,
  );
  if (answer.status !== 204) throw new Error(`release: ${answer.status} ${answer.body}`);
};

/** Books a lock under a key of its own; `bookingUrl` is where booking-service is reached. */
export const bookingRequest = (
  bookingUrl: string,
  userId: string,
  lockId: string,
  { seatIds, simulate }: Pick<BuyerPlan, "seatIds" | "simulate">,
): ClientRequest => ({
  userId,
  action: "book",
  method: "POST",
  url: new URL("/api/bookings", bookingUrl).href,
  key: randomUUID(),
  subjectId: lockId,
  body: {
    lockId,
    passengers: seatIds.map((_, index) => ({ name: `Passenger ${index + 1}` })),
    paymentMethod: "card",
    paymentDetails: { simulate },
  },
});

const book = async (
  platform: SalePlatform,
  userId: string,
  lockId: string,
  plan: BuyerPlan,
): Promise<string | undefined> => {
  const request = bookingRequest(platform.urlOf("booking"), userId, lockId, plan);
  const tries = plan.hasty ? [request, request] : [request];
  const answers = await Promise.all(tries.map((one) => askPatiently(one, platform.journal)));
  const [first] = answers;
  // A buyer whose every try failed for a minute: seat-reservation asked, and the tombstone was first. Whether it is so, and
  // whether anything was kept of it, I8 looks up (`given-up-bookings.ts`).
  if (first?.status === 409 && first.body.includes('"booking_abandoned"')) return undefined;
  return first === undefined ? undefined : idIn(first, 202, "bookingId");
};

const cancel = async (platform: SalePlatform, userId: string, bookingId: string): Promise<void> => {
  const url = `${platform.urlOf("booking")}/api/bookings/${bookingId}/cancel`;
  const key = randomUUID();
  // 409: its payment had failed already, so there was nothing to cancel.
  await askPatiently(
    { userId, action: "cancel", method: "POST", url, key, subjectId: bookingId, body: {} },
    platform.journal,
  );
};

/** Reaches for another's booking and lock in every way there is; the journal keeps what came of it. */
const trespass = async (
  platform: SalePlatform,
  userId: string,
  foreignId: string,
): Promise<void> => {
  const seats = `${platform.urlOf("seat-reservation")}/api/seats/locks/${foreignId}`;
  const bookings = `${platform.urlOf("booking")}/api/bookings`;
  const base = { userId, action: "trespass", subjectId: foreignId } as const;
  const passengers = [{ name: "Somebody Else" }];
  const tries: ClientRequest[] = [
    { ...base, method: "GET", url: seats, key: null },
    { ...base, method: "DELETE", url: seats, key: null },
    { ...base, method: "GET", url: `${bookings}/${foreignId}`, key: null },
    { ...base, method: "POST", url: `${bookings}/${foreignId}/cancel`, key: randomUUID() },
    {
      ...base,
      method: "POST",
      url: bookings,
      key: randomUUID(),
      body: { lockId: foreignId, passengers, paymentMethod: "card" },
    },
  ];
  for (const one of tries) await askOnce(one, platform.journal);
};

const idIn = (
  { status, body }: { readonly status: number; readonly body: string },
  expected: number,
  field: string,
): string => {
  const parsed: unknown = body === "" ? {} : JSON.parse(body);
  const id = Object.entries(parsed ?? {}).find(([name]) => name === field)?.[1];
  if (status !== expected || typeof id !== "string") throw new Error(`${status} ${body}`);
  return id;
};
