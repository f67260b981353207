import { Problem } from "@jatra/common/http/problem.ts";
import { hasDeparted, type JourneyPlan } from "./journey-plan.ts";
import { stretchOf, type Stretch } from "./stretch.ts";

export type SeatChoice = {
  readonly seatIds: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/**
 * Checks a wish for seats against the journey; answers its stretch. Throws `route_invalid`, `too_many_seats`, `seat_unknown`
 * (with `unknownSeat`), `journey_departed`.
 */
export const chooseSeats = (
  plan: JourneyPlan,
  { seatIds, from, to }: SeatChoice,
  limits: { readonly seatsMax: number; readonly now: Date },
): Stretch => {
  const stretch = stretchOf(plan.journey, from, to);
  if (!stretch) throw new Problem("route_invalid");
  if (seatIds.length > limits.seatsMax) {
    throw new Problem("too_many_seats", { extra: { seatsMax: limits.seatsMax } });
  }
  const unknownSeat = seatIds.find((seatId) => !plan.seatIds.has(seatId));
  if (unknownSeat !== undefined) throw new Problem("seat_unknown", { extra: { unknownSeat } });
  if (hasDeparted(plan.journey, stretch.fromSeq, limits.now)) {
    throw new Problem("journey_departed");
  }
  return stretch;
};
