import { Transform, type TransformCallback } from "node:stream";
import type { IncomingMessage } from "node:http";
import { BodyIncompleteError } from "./body-incomplete-error.ts";
import type { RequestBody } from "./request-body.ts";

/**
 * Takes in a body that tells its length only by ending: whole, if it has ended within `gatherBytes`; else the part that is here, and the rest
 * as it comes. Without the first, a client that sends chunk by chunk as slowly as it may would hold a connection to the service meanwhile.
 * Beyond `limitBytes` it is broken off with `tooLarge` as its error. Throws `BodyIncompleteError`.
 */
export const gatherChunked = async (
  request: IncomingMessage,
  limits: { readonly gatherBytes: number; readonly limitBytes: number },
  tooLarge: () => Error,
): Promise<RequestBody> =>
  await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= limits.gatherBytes) return;
      stop();
      request.pause();
      const limiter = createLimiter(request, limits.limitBytes, tooLarge);
      for (const each of chunks) limiter.write(each);
      request.pipe(limiter);
      resolve({ kind: "streamed", stream: limiter });
    };
    const end = (): void => {
      stop();
      resolve({ kind: "gathered", bytes: Buffer.concat(chunks) });
    };
    const breakOff = (): void => {
      stop();
      reject(new BodyIncompleteError());
    };
    const stop = (): void => {
      request.off("data", take).off("end", end).off("error", breakOff).off("close", breakOff);
    };
    request.on("data", take).once("end", end).once("error", breakOff).once("close", breakOff);
  });

const createLimiter = (
  request: IncomingMessage,
  limitBytes: number,
  tooLarge: () => Error,
): Transform => {
  let bytes = 0;
  const limiter = new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      bytes += chunk.length;
      if (bytes > limitBytes) done(tooLarge());
      else done(null, chunk);
    },
  });
  // Whoever reads it hears of its end; where nobody does (a refusal came first), nothing is lost.
  limiter.on("error", () => undefined);
  // `pipe` tells the other side of an end, not of a break.
  request.once("error", () => limiter.destroy(new BodyIncompleteError()));
  request.once("close", () => {
    if (!request.complete) limiter.destroy(new BodyIncompleteError());
  });
  return limiter;
};
