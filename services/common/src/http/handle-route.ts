import type { IncomingMessage } from "node:http";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { Access } from "@jatra/contracts/operation.ts";
import { idempotencyKeyOf } from "../idempotency/idempotency-key.ts";
import { fingerprintOf } from "../idempotency/fingerprint.ts";
import type { IdempotentRun } from "../idempotency/idempotent-run.ts";
import type { Logger } from "../logging/logger.ts";
import { authorize } from "./authorize.ts";
import type { RequestContext, Route } from "./bind.ts";
import type { AppDependencies } from "./app-dependencies.ts";
import { parseJson, parsePart } from "./parse-request.ts";
import type { Reply } from "./reply.ts";
import { requestIdOf } from "./request-id.ts";

type Context = RequestContext<Access, never, never, never>;

/** The parts of a request as they came; not yet looked at. */
export type RequestParts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly rawBody: Buffer;
};

/** Authorizes and parses one request, and runs its handler (under its idempotency key, if any). */
export const handleRoute = async (
  route: Route,
  request: IncomingMessage,
  parts: RequestParts,
  dependencies: AppDependencies,
): Promise<Reply> => {
  const identity = await authorize(request, route.operation.access, dependencies);
  const context = parseContext(request, parts, route, identity, dependencies);
  return runOnce(route, context, dependencies);
};

const parseContext = (
  request: IncomingMessage,
  { params, query, rawBody }: RequestParts,
  { operation }: Route,
  identity: Identity | undefined,
  dependencies: AppDependencies,
): Context => {
  const requestId = requestIdOf(request);
  const body = operation.rawBody || !operation.body ? undefined : parseJson(rawBody);
  let logger: Logger | undefined;
  const context = {
    params: parsePart(operation.params, params, "params"),
    query: parsePart(operation.query, query, "query"),
    body: operation.rawBody ? undefined : parsePart(operation.body, body, "body"),
    rawBody,
    identity,
    requestId,
    headers: request.headers,
    // Made at the first look: hardly any request has something to log, and a child costs as much as parsing the body.
    get logger(): Logger {
      const { operationId } = operation;
      return (logger ??= dependencies.logger.child({ requestId, operationId }));
    },
    idempotency: undefined,
  };
  // The contract's schemas have just said what the parts are; `bind` gave the handler the same types.
  return context as unknown as Context;
};

const runOnce = async (
  route: Route,
  context: Context,
  { idempotency }: AppDependencies,
): Promise<Reply> => {
  const { operation } = route;
  if (!operation.idempotency) return route.handle(context);
  const clientKey = idempotencyKeyOf(context.headers, operation.idempotency);
  const key = clientKey ?? route.serverKey?.(context);
  if (key === undefined) return route.handle(context);
  if (!idempotency) throw new Error(`${operation.operationId} needs an idempotency engine`);
  const request = {
    userId: context.identity?.userId ?? "guest",
    operationId: operation.operationId,
    key,
    origin: clientKey === undefined ? ("server" as const) : ("client" as const),
    fingerprint: fingerprintOf(context.params, context.rawBody),
  };
  return idempotency.run(request, (run) => route.handle(withRun(context, run)));
};

const withRun = (context: Context, idempotency: IdempotentRun): Context =>
  Object.create(context, { idempotency: { value: idempotency, enumerable: true } });
