import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../cluster/failure.ts";
import { kubectlIn, PLATFORM } from "./on-cluster.ts";

const conditionsSchema = z.array(
  z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
);
export type Condition = z.infer<typeof conditionsSchema>[number];

/** All of the platform's; none before the operator has looked. */
export const conditions = async (): Promise<readonly Condition[]> => {
  const path = "jsonpath={.status.conditions}";
  const args = ["get", "jatraplatform", "jatra", "--ignore-not-found", "-o", path];
  return conditionsSchema.parse(JSON.parse((await kubectlIn(PLATFORM, ...args)) || "[]"));
};

/** Repeats `probe` until it answers something; after the deadline throws with what was awaited. */
export const until = async <T>(
  what: string,
  deadlineMs: number,
  probe: () => Promise<T | undefined>,
): Promise<T> => {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Failure(`${what}: not within ${deadlineMs / 1000} s.`);
    await delay(500);
  }
};

/** A condition, once it has that status and its message names each of the texts. */
export const conditionWith = (
  type: string,
  status: string,
  texts: readonly string[],
  deadlineMs = 60_000,
): Promise<Condition> =>
  until(`${type}=${status} with ${texts.join(", ")}`, deadlineMs, async () => {
    const found = (await conditions()).find((one) => one.type === type);
    const isIt = found?.status === status && texts.every((text) => found.message.includes(text));
    return isIt ? found : undefined;
  });
