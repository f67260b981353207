import type { Visit } from "./visit.ts";

/** Browsers ask again after ten minutes at the latest (Chrome's own maximum is two hours). */
const MAX_AGE_SECONDS = "600";

/** A browser's question before a request from another origin, as opposed to any other OPTIONS. */
export const isPreflight = ({ request }: Visit): boolean =>
  request.method === "OPTIONS" &&
  request.headers["access-control-request-method"] !== undefined &&
  request.headers.origin !== undefined;

/** Allows what the API uses. No credentials: tokens travel in a header that the page itself sets. */
export const answerPreflight = ({ response }: Visit, headers: readonly string[]): void => {
  response.writeHead(204, [
    ...headers,
    "Access-Control-Allow-Methods",
    "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers",
    "Authorization, Content-Type, Idempotency-Key, Lock-Token, X-Request-Id",
    "Access-Control-Max-Age",
    MAX_AGE_SECONDS,
  ]);
  response.end();
};
