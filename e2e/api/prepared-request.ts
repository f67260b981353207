import { expectStatus, type HttpClient } from "../bench/load/http-client.ts";
import type { SeatSupply } from "../bench/platform/seat-supply.ts";
import type { BenchPlatform } from "../bench/platform/start-platform.ts";

/** A good request for an operation; what isn't given stays as Schemathesis made it. */
export type PreparedRequest = {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** By operationId. `once`: each works only once (a deletion, a hold that becomes a booking). */
export type PreparedRequests = Record<
  string,
  { readonly once: boolean; readonly requests: readonly PreparedRequest[] }
>;

export type Context = {
  readonly platform: BenchPlatform;
  readonly client: HttpClient;
  readonly token: string;
  readonly login: { readonly email: string; readonly password: string };
  readonly supply: SeatSupply;
};

/** Of each kind that is used up. */
export const EACH = 8;

export const once = (requests: readonly PreparedRequest[]) => ({ once: true, requests });
export const again = (requests: readonly PreparedRequest[]) => ({ once: false, requests });
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

export const post = async (
  { client, token }: Context,
  path: string,
  body: unknown,
  status: number,
): Promise<Record<string, unknown>> =>
  expectStatus(await client.send("POST", path, { body, token }), status, `POST ${path}`).json();

export const get = async (
  { client, token }: Context,
  path: string,
): Promise<Record<string, unknown>> =>
  expectStatus(await client.send("GET", path, { token }), 200, `GET ${path}`).json();
