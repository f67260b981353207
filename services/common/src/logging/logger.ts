import { pino, type DestinationStream, type Logger } from "pino";

export type { Logger } from "pino";

/** One JSON line an event. Secrets that might slip into fields are cut out by name. */
export const createLogger = (service: string, level: string): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ["password", "token", "lockToken", "authorization", "*.password", "*.token"],
        censor: "[removed]",
      },
    },
    standardOutput(),
  );

/** More than a turn of the event loop writes; what is beyond it is written at once. */
const BUFFER_BYTES = 8 * 1024;

/**
 * Lines of one turn of the event loop leave with one system call, not one each: a batch of payments that ends together writes dozens. None
 * is kept for longer, and the last ones leave when the process ends.
 */
const standardOutput = (): DestinationStream => {
  const output = pino.destination({ fd: 1, sync: true, minLength: BUFFER_BYTES });
  let scheduled = false;
  const flush = (): void => {
    scheduled = false;
    output.flushSync();
  };
  process.on("exit", flush);
  return {
    write: (line) => {
      output.write(line);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
  };
};
