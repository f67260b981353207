import type { Logger } from "@jatra/common/logging/logger.ts";

/**
 * Does `work` for each item at once and waits for all. One that fails is logged and doesn't keep the others from ending: its lease runs out
 * and it is taken up again.
 */
export const eachApart = async <T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  describe: (item: T) => Readonly<Record<string, string>>,
  logger: Logger,
): Promise<void> => {
  await Promise.all(
    items.map((item) =>
      work(item).catch((error: unknown) =>
        logger.error({ err: error, ...describe(item) }, "not ended, taken up again later"),
      ),
    ),
  );
};
