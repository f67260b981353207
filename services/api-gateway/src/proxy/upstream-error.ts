import { Problem } from "@jatra/common/http/problem.ts";
import type { CallEnd } from "../domain/classify-outcome.ts";
import { BodyIncompleteError } from "./body-incomplete-error.ts";

/** How a call without (a whole) answer ended, and what the client is told. */
export type FailedCall = {
  readonly end: CallEnd | { readonly kind: "client_error" };
  /** `undefined` where nobody is there to be told. */
  readonly problem: Problem | undefined;
};

const timeouts: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);
/** undici refuses to send what isn't well-formed: the request's fault, not the service's. */
const refusals: ReadonlySet<string> = new Set([
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
]);

/** 502 for a service that can't be reached or breaks off, 504 for one that takes too long. Addresses stay in the log. */
export const explainFailure = (error: Error): FailedCall => {
  if (error instanceof Problem) return { end: { kind: "client_error" }, problem: error };
  if (error instanceof BodyIncompleteError) {
    return { end: { kind: "client_gone" }, problem: undefined };
  }
  const code = errorCode(error);
  if (refusals.has(code)) {
    const problem = new Problem("validation_failed", { cause: error });
    return { end: { kind: "client_error" }, problem };
  }
  if (timeouts.has(code)) {
    const problem = new Problem("upstream_timeout", { cause: error });
    return { end: { kind: "timed_out" }, problem };
  }
  return {
    end: { kind: "unreachable" },
    problem: new Problem("upstream_unreachable", { cause: error }),
  };
};

export const errorCode = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : error.name;
