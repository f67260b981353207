import type { CoachBody, FareVersion } from "@jatra/contracts/timetable.ts";

/** Poisha a kilometre and the least a ticket costs: near what intercity trains charge, rounded. */
export const sampleRates: FareVersion["rates"] = [
  { class: "AC_BERTH", perKm: 450, minimum: 25_000 },
  { class: "AC_SEAT", perKm: 295, minimum: 15_000 },
  { class: "SNIGDHA", perKm: 242, minimum: 10_000 },
  { class: "SHOVAN_CHAIR", perKm: 126, minimum: 5_000 },
  { class: "SHOVAN", perKm: 105, minimum: 4_500 },
];

/** The coaches of every sample train; the letters are those painted on the cars, in the Bangla alphabet's order. */
export const sampleCoaches: readonly CoachBody[] = [
  { coach: "KA", class: "AC_BERTH", seatCount: 24 },
  { coach: "KHA", class: "SNIGDHA", seatCount: 55 },
  { coach: "GA", class: "SNIGDHA", seatCount: 55 },
  { coach: "GHA", class: "SHOVAN_CHAIR", seatCount: 60 },
  { coach: "UMA", class: "SHOVAN_CHAIR", seatCount: 60 },
  { coach: "CHA", class: "SHOVAN", seatCount: 60 },
];
