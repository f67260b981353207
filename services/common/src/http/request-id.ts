import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { requestIdHeader } from "@jatra/contracts/identity.ts";

const wellFormed = /^[A-Za-z0-9._-]{1,64}$/;

/** The request's id: the one that came along if it is harmless in a log line, else a new one; the same at each call. */
export const requestIdOf = (request: Pick<IncomingMessage, "headers">): string => {
  const given = request.headers[requestIdHeader];
  if (typeof given === "string" && wellFormed.test(given)) return given;
  const made = randomUUID();
  request.headers[requestIdHeader] = made;
  return made;
};
