import type { IncomingMessage } from "node:http";
import { parse as parseQuery } from "node:querystring";
import type { Route } from "./bind.ts";
import type { RequestParts } from "./handle-route.ts";

/** A request whose route is plain to see. `bodyBytes`: how many are on their way. */
export type DirectMatch = Omit<RequestParts, "rawBody"> & {
  readonly route: Route;
  readonly bodyBytes: number;
};

type Pattern = { readonly segments: readonly string[]; readonly route: Route };

/**
 * Finds the route of requests that need nothing of express: the path as the contract writes it, without escapes, the body (if any)
 * announced by its length and within the limit. Routing and middleware would cost such a request more than its handler.
 * Whatever looks otherwise (HEAD, other spellings, chunked or compressed bodies, unknown paths) is express' matter: `undefined`.
 */
export const createDirectRoutes = (
  routes: readonly Route[],
  bodyLimitBytes: number,
): ((request: IncomingMessage) => DirectMatch | undefined) => {
  const patterns = new Map<string, Pattern[]>();
  for (const route of routes) {
    const segments = route.operation.path.split("/");
    const key = `${route.operation.method.toUpperCase()} ${segments.length}`;
    patterns.set(key, [...(patterns.get(key) ?? []), { segments, route }]);
  }
  return (request) => {
    const { method = "", url = "" } = request;
    const bodyBytes = announcedBytes(request);
    if (!url.startsWith("/") || bodyBytes === undefined || bodyBytes > bodyLimitBytes) {
      return undefined;
    }
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    if (path.includes("%")) return undefined;
    const segments = path.split("/");
    const candidates = patterns.get(`${method} ${segments.length}`);
    // In the order of their registration, as express has it.
    const found = candidates?.find((pattern) => fits(pattern.segments, segments));
    if (!found) return undefined;
    const query = mark < 0 ? {} : parseQuery(url.slice(mark + 1));
    return { route: found.route, params: paramsOf(found, segments), query, bodyBytes };
  };
};

/** `undefined`: only reading it tells. */
const announcedBytes = ({ headers }: IncomingMessage): number | undefined => {
  if (headers["transfer-encoding"] !== undefined) return undefined;
  if (headers["content-encoding"] !== undefined) return undefined;
  return Number(headers["content-length"] ?? 0);
};

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.every((segment, index) =>
    segment.startsWith(":") ? segments[index] !== "" : segment === segments[index],
  );

const paramsOf = (
  { segments: pattern }: Pattern,
  segments: readonly string[],
): Record<string, string> => {
  const params: Record<string, string> = {};
  pattern.forEach((segment, index) => {
    if (segment.startsWith(":")) params[segment.slice(1)] = segments[index] ?? "";
  });
  return params;
};
