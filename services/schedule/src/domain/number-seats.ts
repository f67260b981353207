import type { CoachBody } from "@jatra/contracts/timetable.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

/** Seats of a coach from 1, named so that they are unique in a journey: seat 12 of coach KA is `KA-12`. */
export const numberSeats = ({ coach, class: travelClass, seatCount }: CoachBody) =>
  ({
    coach,
    class: travelClass,
    seats: Array.from({ length: seatCount }, (_, index) => ({
      seatId: `${coach}-${index + 1}`,
      number: String(index + 1),
    })),
  }) satisfies Journey["coaches"][number];
