import type { Request, RequestHandler, Response } from "express";
import type { Identity } from "@jatra/contracts/identity.ts";
import type { Access } from "@jatra/contracts/operation.ts";
import { idempotencyKeyOf } from "../idempotency/idempotency-key.ts";
import { fingerprintOf } from "../idempotency/fingerprint.ts";
import { authorize } from "./authorize.ts";
import type { RequestContext, Route } from "./bind.ts";
import type { AppDependencies } from "./app-dependencies.ts";
import { parseJson, parsePart } from "./parse-request.ts";
import { Problem } from "./problem.ts";
import { bodyBytes } from "./read-body.ts";
import type { Reply } from "./reply.ts";
import { requestIdOf } from "./request-id.ts";

type Context = RequestContext<Access, never, never, never>;

/** One route as express wants it: authorize, parse, run (under its idempotency key, if any), answer. */
export const handleRoute =
  (route: Route, dependencies: AppDependencies): RequestHandler =>
  async (request, response) => {
    const identity = await authorize(request, route.operation.access, dependencies);
    const context = parseContext(request, route, identity, dependencies);
    const reply = await runOnce(route, context, dependencies);
    send(response, reply);
  };

const parseContext = (
  request: Request,
  { operation }: Route,
  identity: Identity | undefined,
  { logger }: AppDependencies,
): Context => {
  const rawBody = bodyBytes(request.body);
  const requestId = requestIdOf(request);
  const body = operation.rawBody || !operation.body ? undefined : parseJson(rawBody);
  const context = {
    params: parsePart(operation.params, request.params, "params"),
    query: parsePart(operation.query, request.query, "query"),
    body: operation.rawBody ? undefined : parsePart(operation.body, body, "body"),
    rawBody,
    identity,
    requestId,
    headers: request.headers,
    logger: logger.child({ requestId, operationId: operation.operationId }),
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
  return idempotency.run(request, (run) => route.handle({ ...context, idempotency: run }));
};

const send = (response: Response, reply: Reply): void => {
  response.status(reply.status).set(reply.headers ?? {});
  if (reply.raw) {
    response.set("Content-Type", reply.raw.contentType).send(reply.raw.bytes);
    return;
  }
  if (reply.body === undefined) {
    response.end();
    return;
  }
  if (typeof reply.body !== "object") throw new Problem("internal_error");
  response.set("Content-Type", "application/json").send(Buffer.from(JSON.stringify(reply.body)));
};
