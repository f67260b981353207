import type { Readable } from "node:stream";
import type { IncomingMessage } from "node:http";
import { Problem } from "@jatra/common/http/problem.ts";

/** Largest body; the biggest of our API is a route with all its stops, some kB. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "gathered"; readonly bytes: Buffer }
  | { readonly kind: "streamed"; readonly stream: Readable };

/** Whether the request has a body at all, by its framing. */
export const hasBody = (request: IncomingMessage): boolean =>
  isChunked(request) || declaredBytes(request) > 0;

/** Throws `body_too_large` by the declared length, so before anything else is done for the request. */
export const refuseLargeBody = (request: IncomingMessage): void => {
  if (declaredBytes(request) > BODY_LIMIT_BYTES) throw tooLarge();
};

export const isChunked = (request: IncomingMessage): boolean =>
  request.headers["transfer-encoding"] !== undefined;

/** 0 where it is chunked. */
export const declaredBytes = (request: IncomingMessage): number =>
  Number(request.headers["content-length"] ?? 0);

export const tooLarge = (): Problem =>
  new Problem("body_too_large", { detail: `At most ${BODY_LIMIT_BYTES} bytes.` });
