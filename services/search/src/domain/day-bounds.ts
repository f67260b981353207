import { addDays, dhakaInstant } from "@jatra/contracts/dhaka-time.ts";

/** From the first instant of a local day in Dhaka to the first of the next: departures at 00:00 belong to the day they begin. */
export const dayBounds = (date: string): { readonly from: Date; readonly before: Date } => ({
  from: dhakaInstant(date, "00:00"),
  before: dhakaInstant(addDays(date, 1), "00:00"),
});
