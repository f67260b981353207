import { searchJourney } from "../load/buy-ticket.ts";
import { createHttpClient, expectStatus } from "../load/http-client.ts";
import { signIn } from "../platform/access-tokens.ts";
import { supplySeats, type Offer, type SeatSupply } from "../platform/seat-supply.ts";
import { startPlatform, type BenchPlatform } from "../platform/start-platform.ts";

export type NaivePlatform = {
  readonly platform: BenchPlatform;
  /** Search, then the one call that locks, charges and confirms; answers how long that call took, in ms. */
  readonly buy: (index: number) => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** Enough tokens that one user's limit decides nothing. */
const BUYERS = 256;
/** Poisha; every seat costs the same here. */
const PRICE = 10_000;
/** Seats laid out before the run; enough for five minutes at 200 a second. */
const SEATS_MAX = 60_000;
const SEATS_A_STATEMENT = 5_000;

/** The naive variant behind the same gateway and beside the same search, over the same stores and provider. */
export const startNaive = async (options: {
  readonly providerDelayMs: number;
  readonly chargeOutside: boolean;
  readonly connections: number;
}): Promise<NaivePlatform> => {
  const platform = await startPlatform({
    services: [
      "payment-simulator",
      "auth",
      "schedule",
      "seat-reservation",
      "search",
      "api-gateway",
    ],
    standIns: { booking: "e2e/bench/variants/naive-booking.ts" },
    more: {
      PROVIDER_DELAY_MS: String(options.providerDelayMs),
      CHARGE_OUTSIDE: String(options.chargeOutside),
    },
  });
  const client = createHttpClient(platform.url("api-gateway"), options.connections);
  const stop = async (): Promise<void> => {
    await client.close();
    await platform.stop();
  };
  try {
    const supply = await supplySeats(platform);
    await layOutSeats(platform, supply);
    const buyers = await signIn(platform, BUYERS);
    const buy = async (index: number): Promise<number> => {
      const offer = supply.next();
      await searchJourney(client, offer);
      const { journeyId, seatId, leg } = offer;
      const body = { journeyId, seatIds: [seatId], leg, paymentMethod: "card" };
      const { token } = buyers[index % BUYERS] ?? { token: "" };
      const beganMs = performance.now();
      expectStatus(await client.send("POST", "/api/bookings", { body, token }), 201, "naive book");
      return performance.now() - beganMs;
    };
    return { platform, buy, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const layOutSeats = async (platform: BenchPlatform, { offers }: SeatSupply): Promise<void> => {
  const wanted = offers.slice(0, SEATS_MAX);
  for (let from = 0; from < wanted.length; from += SEATS_A_STATEMENT) {
    const some = wanted.slice(from, from + SEATS_A_STATEMENT);
    const column = <T>(of: (offer: Offer) => T): T[] => some.map(of);
    await platform.database("booking").pool.query(
      `INSERT INTO seats (journey_id, seat_id, leg, price)
       SELECT journey_id, seat_id, leg, $4 FROM unnest($1::text[], $2::text[], $3::int[])
         AS offer (journey_id, seat_id, leg)`,
      [
        column(({ journeyId }) => journeyId),
        column(({ seatId }) => seatId),
        column(({ leg }) => leg),
        PRICE,
      ],
    );
  }
};
