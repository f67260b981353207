import { bind, type Route } from "@jatra/common/http/bind.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { getAvailability } from "@jatra/contracts/http/seat-reservation.ts";
import { findTakenSeats } from "../data/claim-store.ts";
import { showAvailability } from "../domain/show-availability.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** `GET /api/seats/availability/:journeyId`: from the claims themselves, not cached. */
export const availabilityRoute = ({ pool, journeys }: RouteDependencies): Route =>
  bind(getAvailability, async ({ params, query }) => {
    const availability = await showAvailability(
      {
        journeys,
        findTakenSeats: async (journeyId, stretch) => findTakenSeats(pool, journeyId, stretch),
      },
      { journeyId: params.journeyId, from: query.from, to: query.to },
    );
    return ok(availability);
  });
