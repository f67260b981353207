import { once } from "node:events";
import { fixedWork } from "../../bench/load/fixed-work.ts";
import type { SaleResult, SaleSettings } from "../client/sale.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { bookOverCuts, CUT_TRIES } from "../retries/book-over-cuts.ts";
import { startCuttingProxy, type CuttingProxy } from "../retries/cutting-proxy.ts";
import { oneKeptChargeEach } from "../retries/one-kept-charge-each.ts";
import type { Fault } from "./fault.ts";

/**
 * So many retries, four a booking, each after a try whose connection broke at some byte of the question or of the answer.
 * I6 compares the answers' bytes; the provider's ledger has to show one kept charge a booking.
 */
export const retryOverCuts = (retries: number): Fault => {
  let cuts = 0;
  return {
    name: `${retries.toLocaleString("en")} retries over connections cut at random points`,
    sell: async (platform, settings) => {
      const proxy = await startCuttingProxy(platform.urlOf("booking"));
      try {
        return await sellOver(proxy, platform, settings, Math.ceil(retries / CUT_TRIES));
      } finally {
        cuts = proxy.cuts();
        await proxy.close();
      }
    },
    check: oneKeptChargeEach,
    inject: async (_platform, signal) => {
      if (!signal.aborted) await once(signal, "abort");
      return cuts;
    },
  };
};

const sellOver = async (
  proxy: CuttingProxy,
  platform: SalePlatform,
  { journey, atOnce }: SaleSettings,
  bookings: number,
): Promise<SaleResult> => {
  const failures: string[] = [];
  const work = async (number: number): Promise<void> => {
    try {
      await bookOverCuts(platform, proxy.url, journey, number);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  };
  await fixedWork({ inFlight: atOnce, count: bookings, work });
  const booked = bookings - failures.length;
  return { booked, held: booked, refused: 0, failures };
};
