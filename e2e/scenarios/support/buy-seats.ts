import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createBookingAnswerSchema } from "@jatra/contracts/http/booking.ts";
import { foundJourneySchema } from "@jatra/contracts/http/search.ts";
import { availabilitySchema } from "@jatra/contracts/http/seat-reservation.ts";
import { api } from "./api.ts";
import type { Turn } from "./traffic.ts";

export type Seat = { readonly journeyId: string; readonly seatIds: readonly [string] };

const STRETCH = { from: "DHK", to: "CTG" } as const;
const foundSchema = z.object({ journeys: z.array(foundJourneySchema) });
const query = new URLSearchParams(STRETCH).toString();
/** The sample railway has journeys ten days ahead; the nearest ones are for the other scenarios. */
const DAYS_AHEAD = [5, 6, 7];
const DAY_MS = 86_400_000;

/** Seats that are free from Dhaka to Chattogram, at least so many. */
export const freeSeats = async (count: number): Promise<Seat[]> => {
  const seats: Seat[] = [];
  for (const days of DAYS_AHEAD) {
    const date = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    const found = await api("GET", `/api/search/journeys?${query}&date=${date}`);
    const { journeys } = foundSchema.parse(found.body);
    for (const { journeyId } of journeys) {
      const answer = await api("GET", `/api/seats/availability/${journeyId}?${query}`);
      const { coaches } = availabilitySchema.parse(answer.body);
      const free = coaches.flatMap((coach) => coach.seats).filter((s) => s.status === "AVAILABLE");
      seats.push(...free.map(({ seatId }) => ({ journeyId, seatIds: [seatId] as const })));
      if (seats.length >= count) return seats;
    }
  }
  throw new Error(`only ${seats.length} of ${count} seats are free`);
};

/** Takes the next seat, books it, and books it once more under the same key: the answer must have the same bytes. */
export const buySeats =
  ({ seats, token, booked }: { seats: Seat[]; token: string; booked: string[] }): Turn =>
  async (send) => {
    const seat = seats.shift();
    assert.ok(seat, "all seats are sold");
    const post = (path: string, key: string, body: unknown) =>
      send("POST", path, { token, body, headers: { "Idempotency-Key": key } });
    const held = await post("/api/seats/locks/acquire", randomUUID(), { ...seat, ...STRETCH });
    if (held?.status !== 201) return;
    const { lockId } = held.json();
    const body = { lockId, passengers: [{ name: "Test Passenger" }], paymentMethod: "card" };
    const key = randomUUID();
    const first = await post("/api/bookings", key, body);
    const again = await post("/api/bookings", key, body);
    if (first?.status !== 202 || again === undefined) return;
    assert.equal(again.text, first.text);
    booked.push(createBookingAnswerSchema.parse(first.json()).bookingId);
  };
