import type { IncomingMessage } from "node:http";
import { BodyIncompleteError } from "./body-incomplete-error.ts";
import { gatherChunked } from "./gather-chunked.ts";
import {
  BODY_LIMIT_BYTES,
  declaredBytes,
  isChunked,
  tooLarge,
  type RequestBody,
} from "./request-body.ts";

/** Up to here a body is taken in before a service hears of it: a client that sends slowly then holds nothing but its own socket. */
const GATHER_LIMIT_BYTES = 64 * 1024;

/** How much of the body `takeBody` may keep in memory. */
export const gatheredBytesMax = (request: IncomingMessage): number => {
  if (isChunked(request)) return GATHER_LIMIT_BYTES;
  const length = declaredBytes(request);
  return length > GATHER_LIMIT_BYTES ? 0 : length;
};

/** Takes in a small body, prepares a larger one for streaming; where there is one. Throws `BodyIncompleteError`. */
export const takeBody = async (request: IncomingMessage): Promise<RequestBody> => {
  if (isChunked(request)) return await gatherChunked(request, limits, tooLarge);
  const length = declaredBytes(request);
  if (length > GATHER_LIMIT_BYTES) return { kind: "streamed", stream: request };
  return { kind: "gathered", bytes: await gather(request) };
};

const limits = { gatherBytes: GATHER_LIMIT_BYTES, limitBytes: BODY_LIMIT_BYTES };

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
