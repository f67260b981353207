/** Of one connection, or telling what a service is built with. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-powered-by",
  "x-request-id",
]);

/**
 * On every answer. The API's answers are data: no browser may guess another type, frame them or run anything in them. Tokens
 * travel in a header and never in cookies, so any origin may call.
 */
export const standardHeaders: readonly string[] = [
  "X-Content-Type-Options",
  "nosniff",
  "Referrer-Policy",
  "no-referrer",
  "X-Frame-Options",
  "DENY",
  "Access-Control-Allow-Origin",
  "*",
  "Access-Control-Expose-Headers",
  "Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id",
];

/** For what isn't a page: nothing may be loaded. */
export const apiPolicy: readonly string[] = [
  "Content-Security-Policy",
  "default-src 'none'; frame-ancestors 'none'",
];

/**
 * A service's response headers as the client gets them, after `own`; all are flat lists, the service's with names in lower case. Where
 * the service says nothing about caching, nothing may be cached: most answers are of one person, and seats change.
 */
export const headersForClient = (headers: readonly string[], own: readonly string[]): string[] => {
  const kept = [...own];
  let cacheable = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (dropped.has(name) || name.startsWith("x-jatra-")) continue;
    if (name === "cache-control") cacheable = true;
    kept.push(name, headers[index + 1] ?? "");
  }
  if (!cacheable) kept.push("Cache-Control", "no-store");
  return kept;
};
