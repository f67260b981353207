import { createCallTap } from "../exact/call-tap.ts";
import type { CrashPoint } from "../exact/crash-point.ts";
import type { CrashStep } from "../exact/crash-points.ts";
import { createPostgresTap } from "../exact/postgres-tap.ts";
import { createRabbitTap } from "../exact/rabbit-tap.ts";
import { createTrap, type Trap } from "../exact/trap.ts";
import type { JourneySeats } from "../client/journey-seats.ts";
import { runSale, type SaleResult, type SaleSettings } from "../client/sale.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { serviceNames, type ServiceName } from "../platform/service-table.ts";
import type { Fault } from "./fault.ts";
import { killAndRest } from "./kill-and-rest.ts";

/** A sale in which nobody came to the point (no refund, say) is followed by another. */
const ROUNDS_MAX = 5;
/**
 * Each side this often. The last client of a sale meets the point at each of its tries, whose key stays in flight for 30 s after
 * a crash: with more, three minutes of patience would end before the kills do.
 */
const KILLS_A_SIDE = 2;

/**
 * `kill -9` at a point of the protocol and nowhere else: a tap on the wire keeps back what the victim has just sent, or the answer to
 * it, and only then the victim is killed. The services know nothing of it. Both sides of the step have to be met.
 */
export const killExactly = ({ name, points }: CrashStep): Fault => {
  const trap = createTrap();
  const met = new Set<CrashPoint>();
  return {
    name: `kill -9 exactly: ${name}`,
    prepare: async (platform) => {
      met.clear();
      await setTaps(platform, trap);
    },
    sell: async (platform, settings, onProgress) => {
      const results: SaleResult[] = [];
      do {
        const journey = withoutSeatsOf(settings, results.length);
        results.push(await runSale(platform, { ...settings, journey }, onProgress));
      } while (met.size < points.length && results.length < ROUNDS_MAX);
      return sumOf(results);
    },
    inject: async (platform, signal) => {
      let kills = 0;
      while (!signal.aborted && kills < KILLS_A_SIDE * points.length) {
        const point = points[kills % points.length];
        if (!point || !(await trap.wait(point, signal))) break;
        await killAndRest(platform, point.victim, signal);
        met.add(point);
        kills += 1;
      }
      return kills;
    },
    check: () =>
      points
        .filter((point) => !met.has(point))
        .map(({ side }) => `the point ${side} it was never met`),
    repair: (platform) => setTaps(platform, undefined),
  };
};

/** Taps are for new connections, so those that are there are broken. */
const setTaps = async ({ links, databases }: SalePlatform, trap: Trap | undefined) => {
  const owners = new Map(
    serviceNames.map((name) => [new URL(databases[name].url).pathname.slice(1), name]),
  );
  const ownerOf = (database: string): ServiceName | undefined => owners.get(database);
  links.stores.postgres.setTap(trap && createPostgresTap(trap, ownerOf));
  links.stores.rabbitmq.setTap(trap && createRabbitTap(trap));
  for (const name of serviceNames) links.services[name].setTap(trap && createCallTap(trap, name));
  const { postgres, rabbitmq } = links.stores;
  for (const link of [postgres, rabbitmq, ...Object.values(links.services)]) {
    await link.cut();
    await link.restore();
  }
};

/** Each round sells seats of its own: those of the rounds before may be taken. */
const withoutSeatsOf = ({ journey, seats }: SaleSettings, roundsBefore: number): JourneySeats => ({
  ...journey,
  seatIds: journey.seatIds.slice(seats * roundsBefore),
});

const sumOf = (results: readonly SaleResult[]): SaleResult => {
  const total = (of: (result: SaleResult) => number): number =>
    results.reduce((sum, result) => sum + of(result), 0);
  return {
    booked: total(({ booked }) => booked),
    held: total(({ held }) => held),
    refused: total(({ refused }) => refused),
    failures: results.flatMap(({ failures }) => failures),
  };
};
