import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorRequestHandler } from "express";
import type { Logger } from "../logging/logger.ts";
import { isOutage } from "../errors/is-outage.ts";
import { Problem } from "./problem.ts";
import { requestIdOf } from "./request-id.ts";
import { sendProblem } from "./send-reply.ts";

/**
 * The one place where an error becomes an answer, for express, which hands on what a route has thrown. What isn't a Problem is
 * a bug or an outage: logged, 500 or 503.
 */
export const handleError =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else answerError(error, request, response, logger);
  };

const answerError = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): void => {
  const requestId = requestIdOf(request);
  const problem = toProblem(error);
  if (problem.status >= 500) {
    const path = request.url?.split("?", 1)[0];
    logger.error({ err: error, requestId, path }, "request ended in an error");
  }
  sendProblem(response, problem, requestId);
};

/** express marks its own errors (body too large, aborted) with a `type`. */
const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  const type = typeOf(error);
  if (type === "entity.too.large") return new Problem("body_too_large", { cause: error });
  if (type === "encoding.unsupported") {
    return new Problem("unsupported_media_type", { cause: error });
  }
  if (type === "request.aborted" || error instanceof URIError) {
    return new Problem("validation_failed", { cause: error });
  }
  if (isOutage(error)) {
    return new Problem("dependency_unavailable", {
      cause: error,
      headers: { "Retry-After": "1" },
    });
  }
  return new Problem("internal_error", { cause: error });
};

const typeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "type" in error && typeof error.type === "string"
    ? error.type
    : undefined;
