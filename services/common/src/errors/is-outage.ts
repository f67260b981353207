/**
 * Whether an error means that a store or another service is away just now, so that only trying again later helps:
 * connection errors of Node, PostgreSQL's classes 08 (connection), 53 (resources) and 57 (shutting down), and the drivers' own
 * errors, which carry no code.
 */
export const isOutage = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (connectionCodes.has(code) || /^(08|53|57)[0-9A-Z]{3}$/.test(code)) return true;
  return driverMessages.some((pattern) => pattern.test(error.message));
};

const connectionCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** pg, pg-pool and ioredis put these in words only. */
const driverMessages: readonly RegExp[] = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Query read timeout$/,
  /^Client has encountered a connection error/,
  /^Connection is closed\.$/,
  /^Command timed out$/,
  /^Stream isn't writeable/,
  /^Reached the max retries per request limit/,
  /^Cluster isn't ready/,
  /^CLUSTERDOWN /,
];
