import type { IncomingHttpHeaders } from "node:http";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { Access, Operation } from "@jatra/contracts/operation.ts";
import type { z } from "zod";
import type { IdempotentRun } from "../idempotency/idempotent-run.ts";
import type { Logger } from "../logging/logger.ts";
import type { Reply } from "./reply.ts";

/** Everything a handler may look at, parsed. `identity` is there for sure where the access demands one. */
export type RequestContext<A extends Access, P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly rawBody: Buffer;
  readonly identity: A extends "user" | "staff" | "admin" ? Identity : Identity | undefined;
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly logger: Logger;
  /** There when the request carries an Idempotency-Key (or the operation makes one). */
  readonly idempotency: IdempotentRun | undefined;
};

/** An operation and its handler with the types put aside, as the app mounts it. */
export type Route = {
  readonly operation: Operation;
  readonly handle: (context: RequestContext<Access, never, never, never>) => Promise<Reply>;
  /** The key that is used when the client sent none: `generateKey` over the request. */
  readonly serverKey?: (context: RequestContext<Access, never, never, never>) => string;
};

type Handler<A extends Access, P, Q, B> = (context: RequestContext<A, P, Q, B>) => Promise<Reply>;

/** Joins a contract and the code that fulfils it. The app has parsed the request by the contract before it calls. */
export const bind = <
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
>(
  operation: Operation<A, P, Q, B>,
  handle: Handler<A, z.infer<P>, z.infer<Q>, z.infer<B>>,
  options: {
    readonly serverKey?: (context: RequestContext<A, z.infer<P>, z.infer<Q>, z.infer<B>>) => string;
  } = {},
): Route => ({ operation, handle, ...options });
