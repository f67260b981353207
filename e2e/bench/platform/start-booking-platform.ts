import { eventually } from "@jatra/testing/eventually.ts";
import { buyTicket, type JournalEntry } from "../load/buy-ticket.ts";
import { createHttpClient, type HttpClient } from "../load/http-client.ts";
import { signIn } from "./access-tokens.ts";
import { supplySeats } from "./seat-supply.ts";
import { allServices, startPlatform, type BenchPlatform } from "./start-platform.ts";

export type BookingPlatform = {
  readonly platform: BenchPlatform;
  readonly client: HttpClient;
  readonly journal: JournalEntry[];
  /** A buyer's whole way, from the search to CONFIRMED. */
  readonly buy: (index: number) => Promise<void>;
  /** Bookings that have been answered 202 and have not ended. */
  readonly countLive: () => Promise<number>;
  /** Bookings confirmed between two moments of the database's clock. */
  readonly countConfirmed: (from: Date, to: Date) => Promise<number>;
  /** Waits until every booking has ended, its tickets are issued and its seats sold. */
  readonly settle: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Enough tokens that one user's limit or cache decides nothing. */
const BUYERS = 512;
/** A booking ends within a minute, its tickets and seats follow by events. */
const SETTLE_TIMEOUT_MS = 90_000;

/** The gateway and all services, one process each, with buyers who have signed in. */
export const startBookingPlatform = async (options: {
  readonly providerDelayMs: number;
  readonly connections: number;
  /** Another working copy whose services are run. */
  readonly root?: string;
}): Promise<BookingPlatform> => {
  const platform = await startPlatform({
    services: allServices,
    ...(options.root === undefined ? {} : { root: options.root }),
    more: { PROVIDER_DELAY_MS: String(options.providerDelayMs) },
  });
  const client = createHttpClient(platform.url("api-gateway"), options.connections);
  const stop = async (): Promise<void> => {
    await client.close();
    await platform.stop();
  };
  try {
    const supply = await supplySeats(platform);
    const buyers = await signIn(platform, BUYERS);
    const journal: JournalEntry[] = [];
    const buy = async (index: number): Promise<void> => {
      const buyer = buyers[index % BUYERS];
      if (buyer) await buyTicket(client, supply.next(), buyer, journal);
    };
    return { platform, client, journal, buy, ...counters(platform), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const counters = (
  platform: BenchPlatform,
): Pick<BookingPlatform, "countLive" | "countConfirmed" | "settle"> => {
  const count = async (service: string, text: string, values: unknown[] = []): Promise<number> => {
    const { rows } = await platform.database(service).pool.query<{ n: number }>(text, values);
    return rows[0]?.n ?? 0;
  };
  const countLive = (): Promise<number> =>
    count(
      "booking",
      `SELECT count(*) AS n FROM bookings WHERE status IN ('PAYMENT_PENDING', 'PAYMENT_PROCESSING')`,
    );
  return {
    countLive,
    countConfirmed: (from, to) =>
      count(
        "booking",
        `SELECT count(*) AS n FROM booking_history
         WHERE status = 'CONFIRMED' AND at >= $1 AND at < $2`,
        [from, to],
      ),
    settle: async () => {
      await eventually(async () => {
        const open = [
          await countLive(),
          await count("booking", "SELECT count(*) AS n FROM bookings WHERE ticket_ids = '{}'"),
          await count("seat-reservation", "SELECT count(*) AS n FROM locks WHERE state = 'PAYING'"),
        ];
        return open.every((n) => n === 0);
      }, SETTLE_TIMEOUT_MS);
    },
  };
};
