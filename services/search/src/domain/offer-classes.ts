import { fareAmount } from "@jatra/contracts/fare.ts";
import type { FoundJourney } from "@jatra/contracts/http/search.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { classSchema } from "@jatra/contracts/primitives.ts";
import { freeOn, type FreeSeats } from "./count-free-seats.ts";

/** A journey between two of its stops, as the read model has it. */
export type Stretch = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly distanceKm: number;
  readonly fare: Journey["fare"];
  readonly freeSeats: FreeSeats;
};

/**
 * The classes of a stretch, dearest kind first: the fare by the same formula and the same version that schedule-service quotes,
 * and the free seats. Full classes stay in the list with 0; a class without a rate can't be sold and is left out.
 */
export const offerClasses = (stretch: Stretch): FoundJourney["classes"] =>
  classSchema.options.flatMap((travelClass) => {
    const amount = fareAmount(stretch.fare, travelClass, stretch.distanceKm);
    if (amount === undefined || !(travelClass in stretch.freeSeats)) return [];
    return [
      {
        class: travelClass,
        fare: { amount, currency: stretch.fare.currency },
        seatsFree: freeOn(stretch.freeSeats, travelClass, stretch.fromSeq, stretch.toSeq),
      },
    ];
  });
