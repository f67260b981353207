import { createHttpClient } from "../load/http-client.ts";
import { holdSeat } from "../load/hold-seat.ts";
import { signIn } from "../platform/access-tokens.ts";
import { supplySeats } from "../platform/seat-supply.ts";
import type { ServiceProcess } from "../platform/service-process.ts";
import { startBookingPlatform } from "../platform/start-booking-platform.ts";
import { startPlatform } from "../platform/start-platform.ts";

/** One side: a platform of its own, and the work that is counted. */
export type Contestant = {
  readonly processes: readonly ServiceProcess[];
  readonly inFlight: number;
  readonly work: (index: number) => Promise<unknown>;
  readonly stop: () => Promise<void>;
};

type Subject = {
  readonly what: string;
  readonly unit: string;
  readonly start: (root: string) => Promise<Contestant>;
};

const BUYERS = 256;
const HOLDS_IN_FLIGHT = 64;
const BOOKINGS_IN_FLIGHT = 128;

const startHolds = async (root: string): Promise<Contestant> => {
  const services = ["auth", "schedule", "seat-reservation", "api-gateway"] as const;
  const platform = await startPlatform({ services, root });
  const client = createHttpClient(platform.url("api-gateway"), HOLDS_IN_FLIGHT);
  const supply = await supplySeats(platform);
  const buyers = await signIn(platform, BUYERS);
  return {
    processes: platform.processes,
    inFlight: HOLDS_IN_FLIGHT,
    work: (index) => holdSeat(client, supply.next(), buyers[index % BUYERS]),
    stop: async () => {
      await client.close();
      await platform.stop();
    },
  };
};

const startBookings = async (root: string): Promise<Contestant> => {
  const shop = await startBookingPlatform({ providerDelayMs: 50, connections: 256, root });
  return {
    processes: shop.platform.processes,
    inFlight: BOOKINGS_IN_FLIGHT,
    work: shop.buy,
    stop: shop.stop,
  };
};

export const subjects = {
  holds: { what: "B4h's durable holds", unit: "hold", start: startHolds },
  bookings: { what: "B4's whole sale", unit: "booking", start: startBookings },
} as const satisfies Record<string, Subject>;

export const isSubject = (name: string): name is keyof typeof subjects =>
  Object.hasOwn(subjects, name);

/** One after the other: a start that has the machine to itself is a steady one. */
export const contestants = async (
  subject: Subject,
  roots: readonly string[],
): Promise<readonly Contestant[]> => {
  const sides: Contestant[] = [];
  for (const root of roots) sides.push(await subject.start(root));
  return sides;
};
