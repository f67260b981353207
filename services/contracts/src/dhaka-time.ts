/**
 * Bangladesh keeps UTC+06:00 all year (its one summer time was in 2009), so a fixed offset says the same as the
 * zone Asia/Dhaka for every journey that can be sold.
 */
const OFFSET = "+06:00";
const OFFSET_MS = 6 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The calendar day in Dhaka at an instant: `2026-11-30T18:00:00Z` → `2026-12-01`. */
export const dhakaDateOf = (instant: Date): string =>
  new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10);

/** The instant of a local day (`2026-12-01`) and time (`00:30`) in Dhaka. */
export const dhakaInstant = (date: string, time: string): Date =>
  new Date(`${date}T${time}:00${OFFSET}`);

/** The day `days` later: `2026-12-31`, 1 → `2027-01-01`. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** 0 = Sunday … 6 = Saturday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
