import { BadAnswerError, parseAnswerHead, type AnswerHead } from "./answer-head.ts";
import { ChunkedBody } from "./chunked-body.ts";

/** As Node's parser takes from clients. */
const HEAD_BYTES_MAX = 16 * 1024;
/** Above it, making a string of the body costs more than the write that it saves. */
const WHOLE_BYTES_MAX = 16 * 1024;

const endOfHead = Buffer.from("\r\n\r\n");
const nothing = Buffer.alloc(0);

export type AnswerSink = {
  /** `whole`: the body, as latin1, where it is short and came with the head. `onBody` isn't called then. */
  readonly onHead: (head: AnswerHead, whole: string | undefined) => void;
  /** A view that is only good during the call. */
  readonly onBody: (bytes: Buffer) => void;
  readonly onEnd: () => void;
};

/** Reads the answers that come over one connection, one for each `expect`. A state with a life. */
export class AnswerParser {
  readonly #sink: AnswerSink;
  #method: string | undefined;
  #head: AnswerHead | undefined;
  #held: Buffer = nothing;
  #left = 0;
  #chunked: ChunkedBody | undefined;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  /** What comes from here on is the answer to a request with that method. */
  expect(method: string): void {
    this.#method = method;
    this.#head = undefined;
    this.#held = nothing;
    this.#chunked = undefined;
  }

  /** Throws `BadAnswerError`, also for bytes that nobody asked for. */
  take(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#method === undefined) throw new BadAnswerError("bytes that nobody asked for");
      rest = this.#head === undefined ? this.#takeHead(rest, this.#method) : this.#takeBody(rest);
    }
  }

  /** The other side has ended. Throws `BadAnswerError` where that is too early. */
  end(): void {
    if (this.#method === undefined) return;
    if (this.#head?.framing !== "until_close") throw new BadAnswerError("half an answer");
    this.#finish();
  }

  #takeHead(given: Buffer, method: string): Buffer {
    const bytes = this.#held.length === 0 ? given : Buffer.concat([this.#held, given]);
    const end = bytes.indexOf(endOfHead) + endOfHead.length;
    if ((end < endOfHead.length ? bytes.length : end) > HEAD_BYTES_MAX) {
      throw new BadAnswerError("too many headers");
    }
    if (end < endOfHead.length) {
      // `given` is the connection's one buffer and will be written over.
      this.#held = bytes === given ? Buffer.from(given) : bytes;
      return nothing;
    }
    this.#held = nothing;
    const head = parseAnswerHead(bytes.toString("latin1", 0, end), method);
    if (head.status === 101) throw new BadAnswerError("a protocol that nobody asked for");
    // Interim answers are of this hop.
    if (head.status < 200) return bytes.subarray(end);
    return this.#begin(head, bytes, end);
  }

  #begin(head: AnswerHead, bytes: Buffer, end: number): Buffer {
    const { framing, bodyBytes } = head;
    const isWhole = framing === "length" && bytes.length - end === bodyBytes;
    if (isWhole && bodyBytes <= WHOLE_BYTES_MAX) {
      this.#sink.onHead(head, bytes.toString("latin1", end));
      this.#finish();
      return nothing;
    }
    this.#head = head;
    this.#left = bodyBytes;
    if (framing === "chunked") this.#chunked = new ChunkedBody((piece) => this.#sink.onBody(piece));
    this.#sink.onHead(head, undefined);
    if (framing === "nothing" || bodyBytes === 0) this.#finish();
    return bytes.subarray(end);
  }

  #takeBody(bytes: Buffer): Buffer {
    if (this.#chunked) {
      const rest = this.#chunked.take(bytes);
      if (this.#chunked.isDone) this.#finish();
      return rest;
    }
    // Until the connection closes: as many as come.
    const piece = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= piece.length;
    this.#sink.onBody(piece);
    if (this.#left === 0) this.#finish();
    return bytes.subarray(piece.length);
  }

  #finish(): void {
    this.#method = undefined;
    this.#head = undefined;
    this.#sink.onEnd();
  }
}
