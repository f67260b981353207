import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createClient, type Report } from "./walk-through-client.ts";
import { Failure } from "./failure.ts";

export type WalkThrough = {
  baseUrl: string;
  accessToken: string;
  userId: string;
  journeyId: string;
  lockId: string;
  bookingId: string;
  ticketIds: string[];
  /** Seats of the journey that nobody held when the walk-through looked, without the two it booked. */
  freeSeatIds: string[];
};

const seatCount = 2;
const bookAheadDays = 3; // sample data keeps journeys ten days ahead
const searchTimeoutMs = 120_000; // the read model fills by messages after the services have started
const confirmTimeoutMs = 60_000; // the provider simulator answers at once, its slowest ending takes 60 s
const pollMs = 500;

const journeysSchema = z.object({
  journeys: z.array(
    z.object({
      journeyId: z.string(),
      train: z.object({ number: z.string(), name: z.string() }),
      classes: z.array(z.object({ class: z.string(), seatsFree: z.number() })),
    }),
  ),
});
const availabilitySchema = z.object({
  coaches: z.array(
    z.object({
      class: z.string(),
      seats: z.array(z.object({ seatId: z.string(), status: z.string() })),
    }),
  ),
});
const bookingSchema = z.object({ status: z.string(), ticketIds: z.array(z.string()) });
const idSchemas = {
  register: z.object({ userId: z.string() }),
  login: z.object({ accessToken: z.string() }),
  lock: z.object({ lockId: z.string() }),
  booking: z.object({ bookingId: z.string(), status: z.string() }),
};

/**
 * Books a ticket through the gateway at `baseUrl` as a new customer would, from registration to the PDF, and reports
 * each step with its status and time. Throws `Failure` at the first step that doesn't go as promised.
 */
export async function walkThrough(baseUrl: string, report: Report): Promise<WalkThrough> {
  const client = createClient(baseUrl, report);
  const { userId, accessToken } = await signIn(client);
  const { journeyId, className } = await findJourney(client);
  const freeSeatIds = await findSeats(client, journeyId, className);
  const seatIds = freeSeatIds.splice(0, seatCount);
  const lock = await client.send("hold two seats", {
    method: "POST",
    path: "/api/seats/locks/acquire",
    body: { journeyId, seatIds, from: "DHK", to: "CTG" },
    accessToken,
    expected: 201,
    schema: idSchemas.lock,
  });
  const bookingId = await book(client, lock.lockId, accessToken);
  const ticketIds = await awaitConfirmation(client, bookingId, accessToken);
  await fetchTicket(client, ticketIds[0] ?? "", accessToken);
  const { lockId } = lock;
  return { baseUrl, accessToken, userId, journeyId, lockId, bookingId, ticketIds, freeSeatIds };
}

type Client = ReturnType<typeof createClient>;

async function signIn(client: Client): Promise<{ userId: string; accessToken: string }> {
  const email = `traveller-${randomUUID()}@example.com`;
  const password = `Walk-${randomUUID()}`;
  const { userId } = await client.send("register", {
    method: "POST",
    path: "/api/auth/register",
    body: { name: "Sample Traveller", email, phone: "+8801700000000", password },
    expected: 201,
    schema: idSchemas.register,
  });
  const { accessToken } = await client.send("log in", {
    method: "POST",
    path: "/api/auth/login",
    body: { email, password },
    expected: 200,
    schema: idSchemas.login,
  });
  return { userId, accessToken };
}

async function findJourney(client: Client): Promise<{ journeyId: string; className: string }> {
  const date = new Date(Date.now() + bookAheadDays * 86_400_000).toISOString().slice(0, 10);
  const found = await client.poll("search DHK to CTG", {
    path: `/api/search/journeys?from=DHK&to=CTG&date=${date}`,
    schema: journeysSchema,
    timeoutMs: searchTimeoutMs,
    pollMs,
    until: ({ journeys }) => pickJourney(journeys) !== undefined,
    detail: ({ journeys }) => `${journeys.length} journeys on ${date}`,
  });
  const picked = pickJourney(found.journeys);
  if (!picked)
    throw new Failure(`No train from DHK to CTG on ${date} has ${seatCount} free seats.`);
  return picked;
}

function pickJourney(
  journeys: z.infer<typeof journeysSchema>["journeys"],
): { journeyId: string; className: string } | undefined {
  for (const { journeyId, classes } of journeys) {
    const roomy = classes.find(({ seatsFree }) => seatsFree >= seatCount);
    if (roomy) return { journeyId, className: roomy.class };
  }
  return undefined;
}

async function findSeats(client: Client, journeyId: string, className: string): Promise<string[]> {
  const { coaches } = await client.send("look at its seats", {
    method: "GET",
    path: `/api/seats/availability/${journeyId}?from=DHK&to=CTG`,
    expected: 200,
    schema: availabilitySchema,
    detail: (seen) => `${seen.coaches.length} coaches`,
  });
  const free = coaches
    .filter((coach) => coach.class === className)
    .flatMap((coach) => coach.seats)
    .filter((seat) => seat.status === "AVAILABLE")
    .map((seat) => seat.seatId);
  if (free.length >= seatCount) return free;
  throw new Failure(
    `Search promised free seats in ${journeyId}, availability shows ${free.length}.`,
  );
}

async function book(client: Client, lockId: string, accessToken: string): Promise<string> {
  const request = {
    method: "POST",
    path: "/api/bookings",
    body: {
      lockId,
      passengers: [{ name: "Sample Traveller" }, { name: "Second Traveller" }],
      paymentMethod: "card",
    },
    accessToken,
    headers: { "Idempotency-Key": randomUUID() },
    expected: 202,
    schema: idSchemas.booking,
  } as const;
  const { bookingId } = await client.send("book and pay", request);
  const repeated = await client.send("book again with the same key", request);
  if (repeated.bookingId === bookingId) return bookingId;
  throw new Failure(
    `The same Idempotency-Key made two bookings: ${bookingId}, ${repeated.bookingId}.`,
  );
}

async function awaitConfirmation(
  client: Client,
  bookingId: string,
  accessToken: string,
): Promise<string[]> {
  const failed = ["PAYMENT_FAILED", "CANCELLED", "REFUNDED"];
  const { status, ticketIds } = await client.poll("wait for confirmation and tickets", {
    path: `/api/bookings/${bookingId}`,
    accessToken,
    schema: bookingSchema,
    timeoutMs: confirmTimeoutMs,
    pollMs,
    until: (seen) => failed.includes(seen.status) || seen.ticketIds.length === seatCount,
    detail: (seen) => `${seen.status}, ${seen.ticketIds.length} tickets`,
  });
  if (status === "CONFIRMED") return ticketIds;
  throw new Failure(`The booking ${bookingId} ended as ${status} instead of CONFIRMED.`);
}

async function fetchTicket(client: Client, ticketId: string, accessToken: string): Promise<void> {
  await client.send("fetch a ticket", {
    method: "GET",
    path: `/api/tickets/${ticketId}`,
    accessToken,
    expected: 200,
    schema: z.object({}),
  });
  const bytes = await client.download("fetch its PDF", `/api/tickets/${ticketId}/pdf`, accessToken);
  if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return;
  throw new Failure(`The PDF of ticket ${ticketId} is none: it does not begin with %PDF-.`);
}
