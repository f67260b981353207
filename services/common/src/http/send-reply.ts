import type { ServerResponse } from "node:http";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import { Problem, problemBody } from "./problem.ts";
import type { Reply } from "./reply.ts";

/** Sends a handler's reply in one piece, headers and body together. */
export const sendReply = (response: ServerResponse, reply: Reply, requestId: string): void => {
  const { bytes, contentType } = contentOf(reply);
  send(response, reply.status, { ...reply.headers }, { bytes, contentType }, requestId);
};

/** Sends a problem, `application/problem+json`. */
export const sendProblem = (
  response: ServerResponse,
  problem: Problem,
  requestId: string,
): void => {
  const bytes = Buffer.from(JSON.stringify(problemBody(problem, requestId)));
  const content = { bytes, contentType: "application/problem+json" };
  send(response, problem.status, { ...problem.options.headers }, content, requestId);
};

type Content = { readonly bytes: Buffer | undefined; readonly contentType: string };

const JSON_TYPE = "application/json; charset=utf-8";

const contentOf = ({ raw, body }: Reply): Content => {
  if (raw) return { bytes: raw.bytes, contentType: withCharset(raw.contentType) };
  if (body === undefined) return { bytes: undefined, contentType: JSON_TYPE };
  if (typeof body !== "object") throw new Problem("internal_error");
  return { bytes: Buffer.from(JSON.stringify(body)), contentType: JSON_TYPE };
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
  { bytes, contentType }: Content,
  requestId: string,
): void => {
  headers[requestIdHeader] = requestId;
  if (bytes) {
    headers["Content-Type"] = contentType;
    headers["Content-Length"] = bytes.length;
  }
  response.writeHead(status, headers);
  response.end(bytes);
};
