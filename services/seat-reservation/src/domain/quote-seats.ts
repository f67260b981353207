import { Problem } from "@jatra/common/http/problem.ts";
import { fareAmount } from "@jatra/contracts/fare.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import type { Quote } from "@jatra/contracts/quote.ts";
import type { OwnedSeats } from "./owned-seats.ts";

/**
 * The price of seats on a stretch, by the fare version the journey was published with: what search showed is what is paid,
 * whatever the fares are by now. Throws `route_invalid` (no such stretch), `journey_departed` (it has left the
 * boarding stop), `seat_unknown` (with `failedSeat`; also a seat asked for twice or of a class without a rate).
 */
export const quoteSeats = (
  journey: Journey,
  asked: Pick<OwnedSeats, "fromSeq" | "toSeq" | "seatIds">,
  now: Date,
): Quote => {
  const from = journey.stops[asked.fromSeq];
  const to = journey.stops[asked.toSeq];
  if (!from?.departsAt || !to?.arrivesAt || asked.fromSeq >= asked.toSeq) {
    throw new Problem("route_invalid");
  }
  if (journey.departs && new Date(from.departsAt) <= now) throw new Problem("journey_departed");
  const repeated = asked.seatIds.find((id, index) => asked.seatIds.indexOf(id) !== index);
  if (repeated !== undefined) throw unknownSeat(repeated);
  const distanceKm = to.distanceKm - from.distanceKm;
  const seats = asked.seatIds.map((seatId) => quoteSeat(journey, seatId, distanceKm));
  return {
    currency: journey.fare.currency,
    fareVersionId: journey.fare.fareVersionId,
    total: seats.reduce((sum, seat) => sum + seat.amount, 0),
    seats,
    train: { number: journey.train.number, name: journey.train.name },
    from: { code: from.code, name: from.name, at: from.departsAt },
    to: { code: to.code, name: to.name, at: to.arrivesAt },
    departsAt: from.departsAt,
  };
};

const quoteSeat = (
  { coaches, fare }: Journey,
  seatId: string,
  distanceKm: number,
): Quote["seats"][number] => {
  const coach = coaches.find(({ seats }) => seats.some((seat) => seat.seatId === seatId));
  const amount = coach && fareAmount(fare, coach.class, distanceKm);
  if (!coach || amount === undefined) throw unknownSeat(seatId);
  return { seatId, coach: coach.coach, class: coach.class, amount };
};

const unknownSeat = (seatId: string): Problem =>
  new Problem("seat_unknown", { extra: { failedSeat: seatId } });
