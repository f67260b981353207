import { BadAnswerError } from "./answer-head.ts";

/** A chunk's size and what may follow it; trailers all together. */
const LINE_BYTES_MAX = 256;
const TRAILER_BYTES_MAX = 16 * 1024;
/** Eleven digits of hexadecimal are exact in a number. */
const sizeLine = /^([0-9A-Fa-f]{1,11})(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** Takes the chunked coding (RFC 9112, 7.1) off a body. Trailers are dropped: they are of this hop. A state with a life. */
export class ChunkedBody {
  readonly #onBytes: (bytes: Buffer) => void;
  /** Of a line whose end hasn't come yet. */
  #line = "";
  #state: "size" | "bytes" | "after_bytes" | "trailers" | "done" = "size";
  #left = 0;
  #trailerBytes = 0;

  /** `onBytes` gets views that are only good during the call. */
  constructor(onBytes: (bytes: Buffer) => void) {
    this.#onBytes = onBytes;
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  /** Answers what comes after the body: empty while it goes on. Throws `BadAnswerError`. */
  take(bytes: Buffer): Buffer {
    let rest = bytes;
    while (rest.length > 0 && this.#state !== "done") {
      rest = this.#state === "bytes" ? this.#takeBytes(rest) : this.#takeLine(rest);
    }
    return rest;
  }

  #takeBytes(bytes: Buffer): Buffer {
    const piece = bytes.length <= this.#left ? bytes : bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    if (this.#left === 0) this.#state = "after_bytes";
    this.#onBytes(piece);
    return bytes.subarray(piece.length);
  }

  #takeLine(bytes: Buffer): Buffer {
    const end = bytes.indexOf(0x0a);
    const piece = end < 0 ? bytes : bytes.subarray(0, end + 1);
    if (this.#line.length + piece.length > LINE_BYTES_MAX && this.#state !== "trailers") {
      throw new BadAnswerError("a chunk's line is too long");
    }
    if (this.#state === "trailers") this.#trailerBytes += piece.length;
    if (this.#trailerBytes > TRAILER_BYTES_MAX) throw new BadAnswerError("too many trailers");
    this.#line += piece.toString("latin1");
    if (end >= 0) this.#onLine();
    return bytes.subarray(piece.length);
  }

  #onLine(): void {
    if (!this.#line.endsWith("\r\n")) throw new BadAnswerError("a line feed without its return");
    const line = this.#line.slice(0, -2);
    this.#line = "";
    if (this.#state === "size") this.#onSize(line);
    else if (this.#state === "trailers") this.#state = line === "" ? "done" : "trailers";
    else if (line === "") this.#state = "size";
    else throw new BadAnswerError("a chunk is longer than it said");
  }

  #onSize(line: string): void {
    const digits = sizeLine.exec(line)?.[1];
    if (digits === undefined) throw new BadAnswerError("a chunk without a size");
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left === 0 ? "trailers" : "bytes";
  }
}
