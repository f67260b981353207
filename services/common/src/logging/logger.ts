import { pino, type Logger } from "pino";

export type { Logger } from "pino";

/** One JSON line an event. Secrets that might slip into fields are cut out by name. */
export const createLogger = (service: string, level: string): Logger =>
  pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ["password", "token", "lockToken", "authorization", "*.password", "*.token"],
      censor: "[removed]",
    },
  });
