import type { ServerResponse } from "node:http";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import { Problem, problemBody } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Sends a handler's reply in one piece, headers and body together. */
export const sendReply = (response: ServerResponse, reply: Reply, requestId: string): void => {
  send(response, reply.status, { ...reply.headers }, contentOf(reply), requestId);
};

/** Sends a problem, `application/problem+json`. */
export const sendProblem = (
  response: ServerResponse,
  problem: Problem,
  requestId: string,
): void => {
  const payload = JSON.stringify(problemBody(problem, requestId));
  const content = { payload, contentType: "application/problem+json" };
  send(response, problem.status, { ...problem.options.headers }, content, requestId);
};

/** Text leaves in one piece with the headers; bytes would be a second one. */
type Content = { readonly payload: string | Buffer | undefined; readonly contentType: string };

const JSON_TYPE = "application/json; charset=utf-8";

const contentOf = ({ raw, body }: Reply): Content => {
  if (raw) return { payload: raw.bytes, contentType: withCharset(raw.contentType) };
  if (body === undefined) return { payload: undefined, contentType: JSON_TYPE };
  if (typeof body !== "object") throw new Problem("internal_error");
  return { payload: JSON.stringify(body), contentType: JSON_TYPE };
};

/** What is text is UTF-8, and says so. */
const withCharset = (contentType: string): string =>
  /^(?:text\/[\w.+-]+|application\/json)$/.test(contentType)
    ? `${contentType}; charset=utf-8`
    : contentType;

const send = (
  response: ServerResponse,
  status: number,
  headers: Record<string, string | number>,
  { payload, contentType }: Content,
  requestId: string,
): void => {
  headers[requestIdHeader] = requestId;
  if (payload !== undefined) {
    headers["Content-Type"] = contentType;
    headers["Content-Length"] = Buffer.byteLength(payload);
  }
  response.writeHead(status, headers);
  response.end(payload);
};
