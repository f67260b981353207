import type { ErrorRequestHandler } from "express";
import type { Logger } from "../logging/logger.ts";
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

/** express marks its own errors (body too large, aborted) with a `type`; drivers mark lost stores with a `code`. */
const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  const { type, code } = marks(error);
  if (type === "entity.too.large") return new Problem("body_too_large", { cause: error });
  if (type === "encoding.unsupported") {
    return new Problem("unsupported_media_type", { cause: error });
  }
  if (type === "request.aborted" || error instanceof URIError) {
    return new Problem("validation_failed", { cause: error });
  }
  if (code !== undefined && isOutage(code)) {
    return new Problem("dependency_unavailable", {
      cause: error,
      headers: { "Retry-After": "1" },
    });
  }
  return new Problem("internal_error", { cause: error });
};

const marks = (error: unknown): { type: string | undefined; code: string | undefined } => {
  if (typeof error !== "object" || error === null) return { type: undefined, code: undefined };
  const type = "type" in error && typeof error.type === "string" ? error.type : undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { type, code };
};

/** Connection errors of Node, and PostgreSQL's classes 08 (connection), 53 (resources) and 57 (shutting down). */
const isOutage = (code: string): boolean =>
  ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN"].includes(code) ||
  /^(08|53|57)[0-9A-Z]{3}$/.test(code);
