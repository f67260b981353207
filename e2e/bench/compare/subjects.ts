import { edgeImage } from "../edge/edge-container.ts";
import { loadEdge, startEdgePlatform } from "../edge/gateway-under-wrk.ts";
import { fixedWork } from "../load/fixed-work.ts";
import { createHttpClient } from "../load/http-client.ts";
import { holdSeat } from "../load/hold-seat.ts";
import { signIn } from "../platform/access-tokens.ts";
import { supplySeats } from "../platform/seat-supply.ts";
import type { ServiceProcess } from "../platform/service-process.ts";
import { startBookingPlatform } from "../platform/start-booking-platform.ts";
import { startPlatform } from "../platform/start-platform.ts";

/** One side: a platform of its own, and the load of a round on it. */
export type Contestant = {
  readonly processes: readonly ServiceProcess[];
  readonly load: (amount: number) => Promise<{ readonly done: number; readonly perSecond: number }>;
  readonly stop: () => Promise<void>;
};

type Subject = {
  readonly what: string;
  readonly unit: string;
  /** Of a round: pieces of work, or seconds. */
  readonly amount: number;
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
    load: pieces(HOLDS_IN_FLIGHT, (index) =>
      holdSeat(client, supply.next(), buyers[index % BUYERS]),
    ),
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
    load: pieces(BOOKINGS_IN_FLIGHT, shop.buy),
    stop: shop.stop,
  };
};

const startRequests = async (root: string): Promise<Contestant> => {
  const image = await edgeImage();
  const { platform, gateway, tokens } = await startEdgePlatform(root);
  return {
    processes: platform.processes,
    load: async (seconds) => {
      const { perSecond } = await loadEdge({ image, url: gateway.url, tokens, seconds });
      return { done: perSecond * seconds, perSecond };
    },
    stop: platform.stop,
  };
};

/** An amount of work and not a time: the side that gets less of the machine would otherwise pay for its background work with fewer pieces. */
const pieces =
  (inFlight: number, work: (index: number) => Promise<unknown>): Contestant["load"] =>
  async (count) => ({ done: count, ...(await fixedWork({ inFlight, count, work })) });

export const subjects = {
  holds: { what: "B4h's durable holds", unit: "hold", amount: 2_000, start: startHolds },
  bookings: { what: "B4's whole sale", unit: "booking", amount: 2_000, start: startBookings },
  requests: {
    what: "B1's load on the gateway, a round in seconds",
    unit: "request",
    amount: 4,
    start: startRequests,
  },
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
