import { z } from "zod";
import { createClient } from "../../cluster/walk-through-client.ts";
import { Failure } from "../../cluster/failure.ts";

export type WantedSeat = {
  readonly journeyId: string;
  readonly train: string;
  readonly seatId: string;
};

/** Journeys are published ten days ahead; this one is neither about to leave nor the first to sell out. */
const DAYS_AHEAD = 5;

const foundSchema = z.object({
  journeys: z.array(
    z.object({ journeyId: z.string(), train: z.object({ number: z.string(), name: z.string() }) }),
  ),
});
const availabilitySchema = z.object({
  coaches: z.array(
    z.object({ seats: z.array(z.object({ seatId: z.string(), status: z.string() })) }),
  ),
});

/** The first seat that is free on the whole way from Dhaka to Chattogram. */
export const findSeat = async (baseUrl: string): Promise<WantedSeat> => {
  const client = createClient(baseUrl, () => undefined);
  const date = new Date(Date.now() + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);
  const get = { method: "GET", expected: 200 } as const;
  const { journeys } = await client.send("search", {
    ...get,
    path: `/api/search/journeys?from=DHK&to=CTG&date=${date}`,
    schema: foundSchema,
  });
  for (const { journeyId, train } of journeys) {
    const { coaches } = await client.send("availability", {
      ...get,
      path: `/api/seats/availability/${journeyId}`,
      schema: availabilitySchema,
    });
    const free = coaches.flatMap(({ seats }) => seats).find(({ status }) => status === "AVAILABLE");
    if (free) return { journeyId, train: `${train.number} ${train.name}`, seatId: free.seatId };
  }
  throw new Failure(`No train from DHK to CTG on ${date} has a free seat.`);
};
