import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { CallRequest } from "./service-call.ts";
import type { RequestBody } from "./request-body.ts";

/** Above it, making a string of the body costs more than the write that it saves. */
const ONE_WRITE_BYTES_MAX = 16 * 1024;

/** Where a server expects a length even if it is nothing (RFC 9110, 8.6). */
const expectingBody: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** A header would end too early and begin another one. Node's parser lets nothing of that kind in; this is the last door. */
export class BadRequestHeaderError extends Error {
  override readonly name = "BadRequestHeaderError";
}

/** The head of a request as it goes over the wire. Throws `BadRequestHeaderError`. */
export const requestHead = (
  { method, path, headers, body }: CallRequest,
  hostLine: string,
): string => {
  let head = `${method} ${path} HTTP/1.1\r\n${hostLine}connection: keep-alive\r\n`;
  let declared: string | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    if (endsLine(value)) throw new BadRequestHeaderError(`the header ${name} is of two lines`);
    if (name === "content-length") declared = value;
    else head += `${name}: ${value}\r\n`;
  }
  return `${head}${framingOf(method, body, declared)}\r\n`;
};

const endsLine = (value: string): boolean =>
  value.includes("\n") || value.includes("\r") || value.includes("\0");

const framingOf = (method: string, body: RequestBody, declared: string | undefined): string => {
  if (body.kind === "gathered") return `content-length: ${body.bytes.length}\r\n`;
  if (body.kind === "none") return expectingBody.has(method) ? "content-length: 0\r\n" : "";
  return declared === undefined
    ? "transfer-encoding: chunked\r\n"
    : `content-length: ${declared}\r\n`;
};

/**
 * Writes a request, a streamed body with backpressure; that it breaks off is the call's matter. Where writing isn't over at once, answers
 * how to stop it, and calls `onWritten` at its end. Throws `BadRequestHeaderError` before anything is written.
 */
export const writeRequest = (
  socket: Socket,
  request: CallRequest,
  hostLine: string,
  onWritten: () => void,
): (() => void) | undefined => {
  const { body } = request;
  const head = requestHead(request, hostLine);
  if (body.kind === "streamed") {
    socket.write(head, "latin1");
    return pump(
      socket,
      body.stream,
      head.includes("\r\ntransfer-encoding: chunked\r\n"),
      onWritten,
    );
  }
  if (body.kind === "none") socket.write(head, "latin1");
  else if (body.bytes.length <= ONE_WRITE_BYTES_MAX) {
    socket.write(head + body.bytes.toString("latin1"), "latin1");
  } else {
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body.bytes);
    socket.uncork();
  }
  return undefined;
};

const pump = (
  socket: Socket,
  stream: Readable,
  isChunked: boolean,
  onWritten: () => void,
): (() => void) => {
  const onData = (bytes: Buffer): void => {
    if (!isChunked) socket.write(bytes);
    else {
      socket.cork();
      socket.write(`${bytes.length.toString(16)}\r\n`, "latin1");
      socket.write(bytes);
      socket.write("\r\n", "latin1");
      socket.uncork();
    }
    if (socket.writableNeedDrain) stream.pause();
  };
  const onDrain = (): void => void stream.resume();
  const onEnd = (): void => {
    stop();
    if (isChunked) socket.write("0\r\n\r\n", "latin1");
    onWritten();
  };
  const stop = (): void => {
    stream.off("data", onData).off("end", onEnd);
    socket.off("drain", onDrain);
    // What still comes is read and thrown away: a client may only listen once it has said everything.
    stream.on("error", () => undefined).resume();
  };
  stream.on("data", onData).once("end", onEnd);
  socket.on("drain", onDrain);
  return stop;
};
