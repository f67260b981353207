import type { RequestListener } from "node:http";
import express, { type RequestHandler } from "express";
import type { AppDependencies } from "./app-dependencies.ts";
import type { Route } from "./bind.ts";
import { handleError } from "./handle-error.ts";
import { handleRoute } from "./handle-route.ts";
import { mountHealth, nameAnswer } from "./health.ts";
import { observeRequests } from "./observe-requests.ts";
import { Problem } from "./problem.ts";
import { serveDocument } from "../openapi/serve-document.ts";
import { bodyBytes, readBody } from "./read-body.ts";
import { requestIdOf } from "./request-id.ts";
import { sendReply } from "./send-reply.ts";

/** The biggest request that we know, a whole route with its stops, has some kB. */
const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;

/** The HTTP side of every service: probes, metrics, the routes by contract, problem+json for the rest. */
export const createApp = (dependencies: AppDependencies): RequestListener => {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(observeRequests(dependencies.metrics, dependencies.logger));
  mountHealth(app, dependencies.health, dependencies.metrics);
  app.get("/openapi.json", nameAnswer, serveDocument(dependencies.routes));
  app.use(readBody(dependencies.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES));
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
