import { Problem } from "@jatra/common/http/problem.ts";
import type { Availability, SeatStatus } from "@jatra/contracts/http/seat-reservation.ts";
import type { JourneySource } from "./journey-plan.ts";
import { stretchOf, type Stretch } from "./stretch.ts";

export type AvailabilityDependencies = {
  readonly journeys: JourneySource;
  /** Seats with a live claim on any leg of the stretch. */
  readonly findTakenSeats: (
    journeyId: string,
    stretch: Stretch,
  ) => Promise<readonly { readonly seatId: string; readonly sold: boolean }[]>;
};

/** Every seat of a journey and whether it is free on a stretch. Throws `not_found`, `route_invalid`. */
export const showAvailability = async (
  { journeys, findTakenSeats }: AvailabilityDependencies,
  request: {
    readonly journeyId: string;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
): Promise<Availability> => {
  const plan = await journeys.find(request.journeyId);
  if (!plan) throw new Problem("not_found", { detail: "There is no such journey." });
  const stretch = stretchOf(plan.journey, request.from, request.to);
  if (!stretch) throw new Problem("route_invalid");
  const taken = await findTakenSeats(request.journeyId, stretch);
  const statuses = new Map<string, SeatStatus>(
    taken.map(({ seatId, sold }) => [seatId, sold ? "SOLD" : "HELD"]),
  );
  return {
    journeyId: request.journeyId,
    coaches: plan.journey.coaches.map((coach) => ({
      coach: coach.coach,
      class: coach.class,
      seats: coach.seats.map(({ seatId }) => ({
        seatId,
        status: statuses.get(seatId) ?? "AVAILABLE",
      })),
    })),
  };
};
