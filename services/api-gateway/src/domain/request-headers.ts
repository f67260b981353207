/** Headers of one connection (RFC 9110, 7.6.1): never handed on. `expect` is answered here. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Set by the gateway alone, or of no use to a service. Authorization: services go by the signed identity. */
const replaced: ReadonlySet<string> = new Set([
  "authorization",
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
  "x-request-id",
]);

/** Speak of identity and trust inside the platform; from outside they are forgeries. */
const isReserved = (name: string): boolean =>
  name.startsWith("x-jatra-") || name.startsWith("x-internal-");

/**
 * The client's headers as a service may see them, as name, value, name, value… `rawHeaders` is Node's flat list. Also drops what
 * the Connection header names.
 */
export const headersForService = (rawHeaders: readonly string[]): string[] => {
  const named = connectionOptions(rawHeaders);
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || replaced.has(lower) || isReserved(lower)) continue;
    if (named?.has(lower)) continue;
    kept.push(lower, rawHeaders[index + 1] ?? "");
  }
  return kept;
};

/** Fields that a Connection header declares to be of this hop; `undefined` for the usual ones. */
const connectionOptions = (rawHeaders: readonly string[]): Set<string> | undefined => {
  let named: Set<string> | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== "connection") continue;
    for (const option of (rawHeaders[index + 1] ?? "").toLowerCase().split(",")) {
      const name = option.trim();
      // A client must not make the gateway drop what frames the body.
      if (name === "" || name === "keep-alive" || name === "close" || framing.has(name)) continue;
      named = (named ?? new Set()).add(name);
    }
  }
  return named;
};

const framing: ReadonlySet<string> = new Set(["content-length", "content-type"]);
