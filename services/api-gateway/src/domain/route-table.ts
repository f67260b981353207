import type { Operation } from "@jatra/contracts/operation.ts";

/** Operations by the short name of the service that fulfils them. */
export type ServiceOperations = Readonly<Record<string, readonly Operation[]>>;

export type RouteMatch = {
  readonly service: string;
  /** The contract's operation; `undefined` where the service will say that it knows no such path or method. */
  readonly operation: Operation | undefined;
};

export type RouteTable = {
  /** `undefined`: no service has this prefix. `path` as `pathOf` answers it. */
  readonly match: (method: string, path: string) => RouteMatch | undefined;
  readonly services: readonly string[];
};

type Pattern = { readonly segments: readonly string[]; readonly match: RouteMatch };

/**
 * Routes by prefix (`/api/bookings`): every path below it goes to its service, which judges method and path itself. The operation is
 * found beside it, for what the gateway decides early. Operations outside `/api` (internal ones) aren't routed at
 * all. Throws when two services claim one prefix.
 */
export const createRouteTable = (operations: ServiceOperations): RouteTable => {
  const prefixes = new Map<string, RouteMatch>();
  const patterns = new Map<string, Pattern[]>();
  /** Those without parameters, by method and path. */
  const fixed = new Map<string, RouteMatch>();
  for (const [service, operation] of publicOperations(operations)) {
    const prefix = prefixOf(operation.path);
    const owner = prefixes.get(prefix);
    if (owner && owner.service !== service) {
      throw new Error(`${prefix} is claimed by ${owner.service} and ${service}`);
    }
    prefixes.set(prefix, owner ?? { service, operation: undefined });
    const method = operation.method.toUpperCase();
    const match = { service, operation };
    if (!operation.path.includes("/:")) {
      fixed.set(fixedKey(method, operation.path), match);
      continue;
    }
    const segments = operation.path.split("/");
    const key = patternKey(method, segments.length);
    patterns.set(key, [...(patterns.get(key) ?? []), { segments, match }]);
  }
  for (const list of patterns.values()) list.sort((a, b) => parameters(a) - parameters(b));
  return {
    services: [...new Set([...prefixes.values()].map((match) => match.service))],
    match: (method, path) => {
      const exactly = fixed.get(fixedKey(method, path));
      if (exactly) return exactly;
      const byPrefix = prefixes.get(prefixOf(path));
      if (!byPrefix) return undefined;
      const segments = path.split("/");
      const candidates = patterns.get(patternKey(method, segments.length));
      return candidates?.find((pattern) => fits(pattern.segments, segments))?.match ?? byPrefix;
    },
  };
};

const publicOperations = (operations: ServiceOperations): [string, Operation][] =>
  Object.entries(operations).flatMap(([service, list]) =>
    list
      .filter(({ access, path }) => access !== "internal" && path.startsWith("/api/"))
      .map((operation): [string, Operation] => [service, operation]),
  );

/** `/api/bookings/42` → `/api/bookings`. */
const prefixOf = (path: string): string => {
  const end = path.indexOf("/", path.indexOf("/", 1) + 1);
  return end < 0 ? path : path.slice(0, end);
};

const fixedKey = (method: string, path: string): string => `${method} ${path}`;

const patternKey = (method: string, segments: number): string => `${method} ${segments}`;

/** `/locks/:lockId/history` must be tried before `/locks/:lockId/:part`. */
const parameters = ({ segments }: Pattern): number =>
  segments.filter((segment) => segment.startsWith(":")).length;

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.every(
    (segment, index) =>
      segment === segments[index] || (segment.startsWith(":") && segments[index] !== ""),
  );
