import { storeTitles, type StoreLink } from "../platform/links.ts";
import { again } from "./again.ts";
import type { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

/** Connections to a store that hang instead of breaking: nobody is told anything, and what was sent arrives late. */
export const freezeStore = (store: StoreLink, forMs: number): Fault => ({
  name: `${storeTitles[store]} hangs for ${forMs / 1000} s, again and again`,
  inject: ({ links }, signal) =>
    again(signal, [500, 2_500], async () => {
      links.stores[store].freeze();
      await pause(forMs, signal);
      links.stores[store].thaw();
    }),
});
