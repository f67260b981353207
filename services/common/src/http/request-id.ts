import { randomUUID } from "node:crypto";
import type { Request } from "express";
import { requestIdHeader } from "@jatra/contracts/identity.ts";

const wellFormed = /^[A-Za-z0-9._-]{1,64}$/;

/** The request's id: the one that came along if it is harmless in a log line, else a new one; the same at each call. */
export const requestIdOf = (request: Request): string => {
  const given = request.get(requestIdHeader);
  if (given !== undefined && wellFormed.test(given)) return given;
  const made = randomUUID();
  request.headers[requestIdHeader] = made;
  return made;
};
