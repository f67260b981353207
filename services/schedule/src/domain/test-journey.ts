import type { Journey } from "@jatra/contracts/messages/journey-published.ts";

/** The seats `seat-1` … `seat-60`, half of them in each of two coaches. */
const SEATS_PER_COACH = 30;

/**
 * The journey that the guide's lock test names. It never departs (`departs: false`), and its times lie so far ahead
 * that no rule about hours before departure is ever met by it.
 */
export const testJourney = (fare: Journey["fare"]): Journey => ({
  journeyId: "test-journey",
  train: { trainId: "TEST", number: "TEST", name: "Test Journey" },
  departs: false,
  stops: [
    stop(0, "DHK", "Dhaka", null, "01:00", 0),
    stop(1, "BBB", "Bhairab Bazar", "02:30", "02:35", 86),
    stop(2, "CML", "Cumilla", "04:00", "04:05", 168),
    stop(3, "FEN", "Feni", "05:00", "05:05", 232),
    stop(4, "CTG", "Chattogram", "06:30", null, 321),
  ],
  coaches: [
    { coach: "KA", class: "SNIGDHA", seats: seats(1) },
    { coach: "KHA", class: "SHOVAN_CHAIR", seats: seats(SEATS_PER_COACH + 1) },
  ],
  fare,
});

const stop = (
  seq: number,
  code: string,
  name: string,
  arrives: string | null,
  departs: string | null,
  distanceKm: number,
): Journey["stops"][number] => ({
  seq,
  code,
  name,
  arrivesAt: farAhead(arrives),
  departsAt: farAhead(departs),
  distanceKm,
});

const farAhead = (time: string | null): string | null =>
  time === null ? null : `2099-01-01T${time}:00.000Z`;

const seats = (first: number): Journey["coaches"][number]["seats"] =>
  Array.from({ length: SEATS_PER_COACH }, (_, index) => ({
    seatId: `seat-${first + index}`,
    number: String(first + index),
  }));
