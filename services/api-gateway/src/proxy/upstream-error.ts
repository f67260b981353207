import { Problem } from "@jatra/common/http/problem.ts";
import type { CallEnd } from "../domain/classify-outcome.ts";
import { BodyIncompleteError } from "./body-incomplete-error.ts";
import { BadRequestHeaderError } from "./write-request.ts";

/** How a call without (a whole) answer ended, and what the client is told. */
export type FailedCall = {
  readonly end: CallEnd | { readonly kind: "client_error" };
  /** `undefined` where nobody is there to be told. */
  readonly problem: Problem | undefined;
};

/** 502 for a service that can't be reached or breaks off, 504 for one that takes too long. Addresses stay in the log. */
export const explainFailure = (error: Error): FailedCall => {
  if (error instanceof Problem) return { end: { kind: "client_error" }, problem: error };
  if (error instanceof BodyIncompleteError) {
    return { end: { kind: "client_gone" }, problem: undefined };
  }
  if (error instanceof BadRequestHeaderError) {
    const problem = new Problem("validation_failed", { cause: error });
    return { end: { kind: "client_error" }, problem };
  }
  if (errorCode(error) === "ETIMEDOUT") {
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
