/**
 * A process with the seat-reservation service's store code, asked over IPC: one of several, as its pods are. Its settings are
 * its only argument. It ends with its parent.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import {
  journeyOf,
  journeySourceOf,
} from "../../../services/seat-reservation/test/fixtures/journeys.ts";
import { seatIds, stations, type SeatCommand } from "./seat-commands.ts";
import { openServiceStore } from "./service-store.ts";
import { openUnguardedStore } from "./unguarded-store.ts";

const settingsSchema = z.object({
  store: z.enum(["service", "unguarded"]),
  databaseUrl: z.string(),
  redisUrl: z.string(),
  journeyIds: z.array(z.string()),
});
export type PodSettings = z.infer<typeof settingsSchema>;
export type PodMessage = { readonly number: number; readonly command: SeatCommand };

/** The service sweeps each 5 s; here it comes often, to be met in the middle of everything. */
const SWEEP_EVERY_MS = 150;

const main = async (settings: PodSettings): Promise<void> => {
  const journeys = journeySourceOf(
    ...settings.journeyIds.map((journeyId) =>
      journeyOf({ journeyId, stations, seats: seatIds.length }),
    ),
  );
  const opened =
    settings.store === "service"
      ? await openServiceStore({ ...settings, journeys })
      : { store: await openUnguardedStore(settings.redisUrl), sweep: async () => undefined };
  process.on("message", (message: PodMessage) => {
    void opened
      .store(message.command)
      .catch((error: unknown) => ({ error: String(error) }))
      .then((answer) => process.send?.({ number: message.number, answer }));
  });
  process.once("disconnect", () => process.exit(0));
  process.send?.("ready");
  for (;;) {
    await delay(SWEEP_EVERY_MS);
    // A store that is away now is there at the next turn.
    await opened.sweep().catch(() => undefined);
  }
};

await main(settingsSchema.parse(JSON.parse(process.argv[2] ?? "")));
