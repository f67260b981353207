import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import express, { type Express, type RequestHandler } from "express";
import type { AppDependencies } from "./app-dependencies.ts";
import type { Route } from "./bind.ts";
import { createDirectRoutes, type DirectMatch } from "./direct-routes.ts";
import { answerError, handleError } from "./handle-error.ts";
import { handleRoute } from "./handle-route.ts";
import { mountHealth } from "./health.ts";
import { createRequestObserver, observeRequests, type ObserveRequest } from "./observe-requests.ts";
import { Problem } from "./problem.ts";
import { serveDocument } from "../openapi/serve-document.ts";
import { readAnnouncedBody } from "./read-announced-body.ts";
import { bodyBytes, readBody } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";
import { sendReply } from "./send-reply.ts";

const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

/** The HTTP side of every service: probes, metrics, the routes by contract, problem+json for the rest. */
export const createApp = (dependencies: AppDependencies): RequestListener => {
  const observe = createRequestObserver(dependencies.metrics, dependencies.logger);
  const bodyLimitBytes = dependencies.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
  const findDirect = createDirectRoutes(dependencies.routes, bodyLimitBytes);
  const app = createExpressApp(dependencies, observe, bodyLimitBytes);
  return (request, response) => {
    const match = findDirect(request);
    if (!match) {
      app(request, response);
      return;
    }
    observe(request, response, () => match.route.operation.path);
    void serveDirect(match, request, response, dependencies);
  };
};

/** Never rejects. */
const serveDirect = async (
  match: DirectMatch,
  request: IncomingMessage,
  response: ServerResponse,
  dependencies: AppDependencies,
): Promise<void> => {
  const { route, params, query } = match;
  try {
    const rawBody = await readAnnouncedBody(request, match.bodyBytes);
    if (!rawBody) return;
    const parts = { params, query, rawBody };
    const reply = await handleRoute(route, request, parts, dependencies);
    sendReply(response, reply, requestIdOf(request));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answerError(error, request, response, dependencies.logger);
  }
};

/** Everything that isn't plain: see `createDirectRoutes`. */
const createExpressApp = (
  dependencies: AppDependencies,
  observe: ObserveRequest,
  bodyLimitBytes: number,
): Express => {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(observeRequests(observe));
  mountHealth(app, dependencies.health, dependencies.metrics);
  app.get("/openapi.json", serveDocument(dependencies.routes));
  app.use(readBody(bodyLimitBytes));
  for (const route of dependencies.routes) {
    app[route.operation.method](route.operation.path, serveByExpress(route, dependencies));
  }
  for (const [path, methods] of methodsByPath(dependencies.routes)) {
    app.all(path, () => {
      throw new Problem("method_not_allowed", { headers: { Allow: methods.join(", ") } });
    });
  }
  app.use(() => {
    throw new Problem("not_found", { detail: "No such path." });
  });
  app.use(handleError(dependencies.logger));
  return app;
};

const serveByExpress =
  (route: Route, dependencies: AppDependencies): RequestHandler =>
  async (request, response) => {
    const { params, query } = request;
    const parts = { params, query, rawBody: bodyBytes(request.body) };
    const reply = await handleRoute(route, request, parts, dependencies);
    sendReply(response, reply, requestIdOf(request));
  };

const methodsByPath = (routes: readonly Route[]): Map<string, string[]> => {
  const paths = new Map<string, string[]>();
  for (const { operation } of routes) {
    const methods = paths.get(operation.path) ?? [];
    paths.set(operation.path, [...methods, operation.method.toUpperCase()]);
  }
  return paths;
};
