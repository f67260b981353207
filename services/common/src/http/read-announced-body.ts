import type { IncomingMessage } from "node:http";

const none = Buffer.alloc(0);

/** The body of a request that announced its length, which Node's parser holds it to. `undefined`: the client went away first. */
export const readAnnouncedBody = (
  request: IncomingMessage,
  bytes: number,
): Buffer | Promise<Buffer | undefined> => {
  if (bytes === 0) return none;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const [first] = chunks;
      resolve(chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    // After `end` these change nothing any more.
    request.once("error", () => resolve(undefined));
    request.once("close", () => resolve(undefined));
  });
};
