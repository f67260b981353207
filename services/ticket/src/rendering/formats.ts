import type { TravelClass } from "@jatra/contracts/primitives.ts";

/** Passengers read station clocks, not UTC. */
const timeZone = "Asia/Dhaka";
const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", {
  timeZone,
  weekday: "short",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const moment = new Intl.DateTimeFormat("en-GB", {
  timeZone,
  dateStyle: "medium",
  timeStyle: "short",
});
const taka = new Intl.NumberFormat("en-IN", { minimumFractionDigits: 2 });

export const formatTime = (at: string): string => time.format(new Date(at));
export const formatDay = (at: string): string => day.format(new Date(at));
export const formatMoment = (at: string): string => moment.format(new Date(at));

/** `৳ 1,250.00` from poisha. */
export const formatFare = (poisha: number): string => `৳ ${taka.format(poisha / 100)}`;

const classes = {
  AC_BERTH: "AC berth",
  AC_SEAT: "AC seat",
  SNIGDHA: "Snigdha",
  SHOVAN_CHAIR: "Shovan chair",
  SHOVAN: "Shovan",
} satisfies Record<TravelClass, string>;

export const readableClass = (travelClass: TravelClass): string => classes[travelClass];
