import { addDays, dhakaDateOf, dhakaInstant } from "@jatra/contracts/dhaka-time.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

export const migrations = new URL("../../migrations", import.meta.url);

/** A day that begins in the future at every hour of today. */
export const tomorrow = addDays(dhakaDateOf(new Date()), 1);

const MINUTE_MS = 60_000;
const places = [
  { code: "DHK", name: "Dhaka", distanceKm: 0, minutes: 0 },
  { code: "CML", name: "Cumilla", distanceKm: 168, minutes: 180 },
  { code: "CTG", name: "Chattogram", distanceKm: 321, minutes: 330 },
] as const;

/** Dhaka, Cumilla three hours later, Chattogram after five and a half; two SNIGDHA seats and one SHOVAN. */
export const journeyAt = (
  journeyId: string,
  startsAt: Date,
  change: Partial<Journey> = {},
): Journey => ({
  journeyId,
  train: { trainId: "702", number: "702", name: "Subarna Express" },
  departs: true,
  stops: places.map(({ code, name, distanceKm, minutes }, seq) => {
    const at = new Date(startsAt.getTime() + minutes * MINUTE_MS).toISOString();
    return {
      seq,
      code,
      name,
      arrivesAt: seq === 0 ? null : at,
      departsAt: seq === places.length - 1 ? null : at,
      distanceKm,
    };
  }),
  coaches: [
    {
      coach: "KA",
      class: "SNIGDHA",
      seats: [
        { seatId: "KA-1", number: "1" },
        { seatId: "KA-2", number: "2" },
      ],
    },
    { coach: "KHA", class: "SHOVAN", seats: [{ seatId: "KHA-1", number: "1" }] },
  ],
  fare: {
    fareVersionId: "f1",
    currency: "BDT",
    rates: [
      { class: "SNIGDHA", perKm: 242, minimum: 10_000 },
      { class: "SHOVAN", perKm: 105, minimum: 4_500 },
    ],
  },
  ...change,
});

/** The same, starting on a local day and time in Dhaka. */
export const journeyOn = (journeyId: string, date: string, time: string): Journey =>
  journeyAt(journeyId, dhakaInstant(date, time));
