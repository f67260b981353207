import type { TestProxy } from "@jatra/testing/test-proxy.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import { storeTitles, type StoreLink } from "../platform/links.ts";
import { again } from "./again.ts";
import type { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

/** Every connection to a store breaks in the middle of whatever it carried, and the store stays away for a while. */
export const cutStore = (store: StoreLink, awayMs: number): Fault => ({
  name: `${storeTitles[store]} away for ${awayMs / 1000} s, again and again`,
  inject: (platform, signal) =>
    again(signal, [500, 2_500], () => cutFor(platform.links.stores[store], awayMs, signal)),
});

/** Connections between clients, services and the provider reset at random points: requests and answers get lost. */
export const cutCalls: Fault = {
  name: "calls between clients, services and provider cut at random points",
  inject: (platform, signal) =>
    again(signal, [20, 200], () => cutFor(someCalledService(platform), 20, signal)),
};

/** Breaks every connection of a link, which stays away for a while (or until the sale is over). */
export const cutFor = async (
  link: TestProxy,
  awayMs: number,
  signal: AbortSignal,
): Promise<void> => {
  await link.cut();
  await pause(awayMs, signal);
  await link.restore();
};

const someCalledService = ({ links }: SalePlatform): TestProxy => {
  const called = [
    links.services["seat-reservation"],
    links.services.booking,
    links.services.payment,
    links.services["payment-simulator"],
  ];
  return called[Math.floor(Math.random() * called.length)] ?? links.services.booking;
};
