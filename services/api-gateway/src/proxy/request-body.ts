import { Transform, type Readable } from "node:stream";
import type { IncomingMessage } from "node:http";
import { Problem } from "@jatra/common/http/problem.ts";

/** Largest body; the biggest of our API is a route with all its stops, some kB. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Up to here a body is taken in before a service hears of it: a client that sends slowly then holds nothing but its own socket. */
const GATHER_LIMIT_BYTES = 64 * 1024;

export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "gathered"; readonly bytes: Buffer }
  | { readonly kind: "streamed"; readonly stream: Readable };

/** The client went away (or stopped sending) before its body was complete. */
export class BodyIncompleteError extends Error {
  override readonly name = "BodyIncompleteError";
}

/** Whether the request has a body at all, by its framing. */
export const hasBody = (request: IncomingMessage): boolean =>
  request.headers["transfer-encoding"] !== undefined || declaredBytes(request) > 0;

/** Throws `body_too_large` by the declared length, so before anything else is done for the request. */
export const refuseLargeBody = (request: IncomingMessage): void => {
  if (declaredBytes(request) > BODY_LIMIT_BYTES) throw tooLarge();
};

/** Takes in a small body, prepares a larger one for streaming; where there is one. Throws `BodyIncompleteError`. */
export const takeBody = async (request: IncomingMessage): Promise<RequestBody> => {
  const isChunked = request.headers["transfer-encoding"] !== undefined;
  if (isChunked) return { kind: "streamed", stream: request.pipe(createLimiter(request)) };
  const length = declaredBytes(request);
  if (length > GATHER_LIMIT_BYTES) return { kind: "streamed", stream: request };
  return { kind: "gathered", bytes: await gather(request) };
};

const declaredBytes = (request: IncomingMessage): number =>
  Number(request.headers["content-length"] ?? 0);

const gather = async (request: IncomingMessage): Promise<Buffer> =>
  await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", () => reject(new BodyIncompleteError()));
    // Comes after every request: the error, with its stack, is only made where it is one.
    request.once("close", () => {
      if (!request.complete) reject(new BodyIncompleteError());
    });
  });

/** A chunked body tells its length only by ending: counted on the way, broken off with the Problem as its error. */
const createLimiter = (request: IncomingMessage): Transform => {
  let bytes = 0;
  const limiter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) done(tooLarge());
      else done(null, chunk);
    },
  });
  // Whoever reads it may begin later.
  limiter.on("error", () => undefined);
  // `pipe` tells the other side of an end, not of a break.
  request.once("error", () => limiter.destroy(new BodyIncompleteError()));
  request.once("close", () => {
    if (!request.complete) limiter.destroy(new BodyIncompleteError());
  });
  return limiter;
};

const tooLarge = (): Problem =>
  new Problem("body_too_large", { detail: `At most ${BODY_LIMIT_BYTES} bytes.` });
