import type { IncomingMessage } from "node:http";
import { Problem } from "@jatra/common/http/problem.ts";
import { framingFault } from "../domain/check-framing.ts";
import { pathOf } from "../domain/check-path.ts";

const ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** TRACE sends back what a service was sent, the signed identity too; CONNECT makes a tunnel. */
export const refusedMethod = (): Problem =>
  new Problem("method_not_allowed", { headers: { Allow: ALLOWED, Connection: "close" } });

/** The request's path, if everything about its form is beyond doubt. Throws `validation_failed`, `method_not_allowed`. */
export const checkRequest = (request: IncomingMessage): string => {
  const { httpVersion, rawHeaders, url = "", headers } = request;
  const transferEncoding = headers["transfer-encoding"];
  const fault = framingFault({ httpVersion, rawHeaders, transferEncoding });
  // Nobody knows what follows on a connection like that.
  if (fault !== undefined) {
    throw new Problem("validation_failed", { detail: fault, headers: { Connection: "close" } });
  }
  if (request.method === "TRACE") throw refusedMethod();
  const path = pathOf(url);
  if (path === undefined) {
    throw new Problem("validation_failed", { detail: "The request target is not well-formed." });
  }
  return path;
};
