import { dhakaDateOf } from "@jatra/contracts/dhaka-time.ts";
import type { Journey } from "@jatra/contracts/messages/journey-published.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { Failure } from "../../cluster/failure.ts";
import { readJourneys } from "../../processes/read-journeys.ts";
import type { BenchPlatform } from "./start-platform.ts";

/** A free seat on one leg of a journey, and what a buyer would ask search for to find it. */
export type Offer = {
  readonly journeyId: string;
  readonly seatId: string;
  readonly leg: number;
  readonly from: string;
  readonly to: string;
  readonly date: string;
};

/** What a buyer asks to hold: the offered seat on its one leg. */
export const wishOf = ({ journeyId, seatId, from, to }: Offer) => ({
  journeyId,
  seatIds: [seatId],
  from,
  to,
});

export type SeatSupply = {
  readonly offers: readonly Offer[];
  /** The next one that nobody had. */
  readonly next: () => Offer;
};

/** The read model fills by messages. */
const SEARCH_TIMEOUT_MS = 60_000;
/** Journeys that leave during the run are left out. */
const LEAVES_AFTER_MS = 3_600_000;

/** Every seat and leg of the sample railway's coming journeys, each handed out once, in an order that is the same each time. */
export const supplySeats = async (platform: BenchPlatform): Promise<SeatSupply> => {
  const authorization = `Bearer ${platform.secrets.internalToken}`;
  const journeys = await readJourneys(platform.url("schedule"), { authorization });
  const offers = journeys.filter(({ departs }) => departs).flatMap(offersOf);
  shuffle(offers);
  if (platform.processes.some(({ name }) => name === "search")) await whenSearchKnows(platform);
  let next = 0;
  return {
    offers,
    next: () => {
      const offer = offers[next++];
      if (!offer) throw new Failure(`All ${offers.length} seats of the sample railway are sold.`);
      return offer;
    },
  };
};

const offersOf = (journey: Journey): Offer[] => {
  const seatIds = journey.coaches.flatMap(({ seats }) => seats.map(({ seatId }) => seatId));
  const { journeyId, stops } = journey;
  return stops.flatMap((stop, index) => {
    const next = stops[index + 1];
    if (!next || stop.departsAt === null) return [];
    const departsAt = new Date(stop.departsAt);
    if (departsAt.getTime() < Date.now() + LEAVES_AFTER_MS) return [];
    const stretch = { leg: stop.seq, from: stop.code, to: next.code, date: dhakaDateOf(departsAt) };
    return seatIds.map((seatId) => ({ journeyId, seatId, ...stretch }));
  });
};

const whenSearchKnows = (platform: BenchPlatform): Promise<boolean> =>
  eventually(async () => {
    const count = async (service: string): Promise<number> => {
      const { pool } = platform.database(service);
      const { rows } = await pool.query<{ n: number }>("SELECT count(*) AS n FROM journeys");
      return rows[0]?.n ?? 0;
    };
    return (await count("search")) >= (await count("schedule"));
  }, SEARCH_TIMEOUT_MS).then(Boolean);

/** By a generator with a fixed seed, so that two runs ask for the same seats in the same order. */
const shuffle = (offers: Offer[]): void => {
  let state = 20_261_201;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let last = offers.length - 1; last > 0; last--) {
    const other = random(last + 1);
    const [a, b] = [offers[last], offers[other]];
    if (a && b) [offers[last], offers[other]] = [b, a];
  }
};
