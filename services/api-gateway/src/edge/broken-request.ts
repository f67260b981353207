import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { Problem, problemBody } from "@jatra/common/http/problem.ts";

/**
 * Answers what isn't HTTP, or came too slowly: Node hands over the bare connection. Says what is wrong and closes; after a parser's
 * error nobody knows where the next request would begin.
 */
export const answerBrokenRequest = (error: Error, socket: Duplex): void => {
  const code = "code" in error ? error.code : undefined;
  if (code === "ECONNRESET" || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  endWithProblem(socket, problemOf(code));
};

/** Answers on the bare connection and ends it. */
export const endWithProblem = (socket: Duplex, problem: Problem): void => {
  const own = { ...problem.options.headers, Connection: "close" };
  const body = JSON.stringify(problemBody(problem, randomUUID()));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${reasons[problem.status] ?? "Bad Request"}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Cache-Control: no-store",
      "X-Content-Type-Options: nosniff",
      ...Object.entries(own).map(([name, value]) => `${name}: ${value}`),
      "",
      body,
    ].join("\r\n"),
  );
};

/** Bytes of an answer are on their way on this connection: more would be taken for a part of it. */
const isAnswering = (socket: Duplex): boolean => {
  const message: unknown = Reflect.get(socket, "_httpMessage");
  return (
    typeof message === "object" &&
    message !== null &&
    "headersSent" in message &&
    message.headersSent === true
  );
};

const problemOf = (code: unknown): Problem => {
  if (code === "HPE_HEADER_OVERFLOW") return new Problem("headers_too_large");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Problem("request_timeout");
  return new Problem("validation_failed", { detail: "This is not a well-formed HTTP request." });
};

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};
