import { once } from "node:events";
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
  let started = 0;
  let booked = 0;
  const takeTurns = async (): Promise<void> => {
    while (started < bookings) {
      const number = started;
      started += 1;
      try {
        await bookOverCuts(platform, proxy.url, journey, number);
        booked += 1;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return { booked, held: booked, refused: 0, failures };
};
