import type { ServerResponse } from "node:http";
import { problemBody, type Problem } from "@jatra/common/http/problem.ts";

/**
 * Answers with a problem. `headers` is a flat list. The connection ends with it where the request's body is still on its way:
 * reading on only to throw it away would let anybody keep the gateway busy.
 */
export const sendProblem = (
  response: ServerResponse,
  problem: Problem,
  requestId: string,
  headers: readonly string[],
): void => {
  if (response.headersSent) return;
  const bytes = Buffer.from(JSON.stringify(problemBody(problem, requestId)));
  const own = Object.entries(problem.options.headers ?? {}).flat();
  const body = ["Content-Type", "application/problem+json", "Content-Length", String(bytes.length)];
  const isClosing = headers.includes("Connection") || own.includes("Connection");
  const connection = response.req.complete || isClosing ? [] : ["Connection", "close"];
  const caching = ["Cache-Control", "no-store"];
  response.writeHead(problem.status, [...headers, ...own, ...caching, ...body, ...connection]);
  response.end(response.req.method === "HEAD" ? undefined : bytes);
};
