/**
 * What a call says about its service. `neither`: nothing at all, so it must not be counted as a success either (a
 * probe that ends so leaves its place to the next).
 */
export type Outcome = "success" | "failure" | "neither";

/** How a call ended: with a status, without an answer, or because the client went away first. */
export type CallEnd =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "timed_out" }
  | { readonly kind: "client_gone" };

const TOO_MANY_REQUESTS = 429;

/** platform.md, «Circuit breaker»: connection errors, timeouts and 5xx are failures, 4xx successes. */
export const classifyOutcome = (end: CallEnd): Outcome => {
  if (end.kind === "client_gone") return "neither";
  if (end.kind !== "answered") return "failure";
  if (end.status === TOO_MANY_REQUESTS) return "neither";
  return end.status >= 500 ? "failure" : "success";
};
