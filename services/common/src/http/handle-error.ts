import type { ErrorRequestHandler } from "express";
import type { Logger } from "../logging/logger.ts";
import { isOutage } from "../errors/is-outage.ts";
import { Problem, problemBody } from "./problem.ts";
import { requestIdOf } from "./request-id.ts";

/** The one place where an error becomes an answer. What isn't a Problem is a bug or an outage: logged, 500 or 503. */
export const handleError =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const requestId = requestIdOf(request);
    const problem = toProblem(error);
    if (problem.status >= 500) {
      logger.error({ err: error, requestId, path: request.path }, "request ended in an error");
    }
    response
      .status(problem.status)
      .set(problem.options.headers ?? {})
      .set("Content-Type", "application/problem+json")
      .send(Buffer.from(JSON.stringify(problemBody(problem, requestId))));
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
