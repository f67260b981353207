import { storeTitles, type StoreLink } from "../platform/links.ts";
import type { Fault } from "./fault.ts";
import { pause, someMs } from "./pause.ts";

/** Connections to a store that hang instead of breaking: nobody is told anything, and what was sent arrives late. */
export const freezeStore = (store: StoreLink, forMs: number): Fault => ({
  name: `${storeTitles[store]} hangs for ${forMs / 1000} s, again and again`,
  inject: async ({ links }, signal) => {
    let times = 0;
    while (!signal.aborted) {
      await pause(someMs(500, 2_500), signal);
      if (signal.aborted) break;
      links.stores[store].freeze();
      await pause(forMs, signal);
      links.stores[store].thaw();
      times += 1;
    }
    return times;
  },
});
