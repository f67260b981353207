/** The headers of an answer, and what they say about what follows them. */
export type AnswerHead = {
  readonly status: number;
  /** Flat, names in lower case. */
  readonly headers: string[];
  readonly framing: "nothing" | "length" | "chunked" | "until_close";
  /** NaN where the framing isn't by length. */
  readonly bodyBytes: number;
  /** Whether the connection may carry another request. */
  readonly isReusable: boolean;
};

/** An answer that isn't HTTP/1.1 as RFC 9112 has it. Nobody knows where the next one would begin. */
export class BadAnswerError extends Error {
  override readonly name = "BadAnswerError";
}

/** All of a head at once: asking for the form line by line takes half as long again. */
const wellFormed =
  /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?\r\n(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/;
const minorVersionAt = 7;
const statusAt = 9;
/** 15 digits are exact in a number. */
const length = /^\d{1,15}$/;

/**
 * Parses a head up to and with its empty line. Strict where RFC 9112 lets a client be generous (folded lines, bare line feeds, a space
 * before the colon, two lengths): the services are ours and send none of it. Throws `BadAnswerError`.
 */
export const parseAnswerHead = (text: string, method: string): AnswerHead => {
  if (!wellFormed.test(text)) throw new BadAnswerError("a head that isn't well-formed");
  const status = Number(text.slice(statusAt, statusAt + 3));
  const headers: string[] = [];
  let contentLength: string | undefined;
  let transferEncoding: string | undefined;
  let connection = text.startsWith("1", minorVersionAt) ? "" : "close";
  let at = text.indexOf("\n") + 1;
  while (at < text.length - 2) {
    const colon = text.indexOf(":", at);
    const end = text.indexOf("\r", colon);
    const name = text.slice(at, colon).toLowerCase();
    const value = withoutPadding(text, colon + 1, end);
    at = end + 2;
    headers.push(name, value);
    if (name === "content-length") contentLength = onlyOne(contentLength, value);
    else if (name === "transfer-encoding") transferEncoding = onlyOne(transferEncoding, value);
    else if (name === "connection") connection = `${connection},${value}`;
  }
  const framing = framingOf(
    method === "HEAD" || status < 200 || status === 204 || status === 304,
    contentLength,
    transferEncoding,
  );
  return {
    status,
    headers,
    framing,
    bodyBytes: framing === "length" ? Number(contentLength) : Number.NaN,
    isReusable: framing !== "until_close" && !closes(connection),
  };
};

/** Spaces and tabs only: the last byte of an "à" is white to `trim`. */
const withoutPadding = (text: string, start: number, end: number): string => {
  let first = start;
  let after = end;
  while (first < after && isPadding(text.charCodeAt(first))) first += 1;
  while (first < after && isPadding(text.charCodeAt(after - 1))) after -= 1;
  return text.slice(first, after);
};

const isPadding = (code: number): boolean => code === 0x20 || code === 0x09;

const onlyOne = (before: string | undefined, value: string): string => {
  if (before !== undefined) throw new BadAnswerError("two words on the body's length");
  return value;
};

/** RFC 9112, 6.3. */
const framingOf = (
  isBodyless: boolean,
  contentLength: string | undefined,
  transferEncoding: string | undefined,
): AnswerHead["framing"] => {
  if (contentLength !== undefined && !length.test(contentLength)) {
    throw new BadAnswerError("a length that is no number");
  }
  if (transferEncoding !== undefined) {
    const isChunked = transferEncoding.toLowerCase() === "chunked";
    if (!isChunked || contentLength !== undefined) throw new BadAnswerError("an unknown framing");
  }
  if (isBodyless) return "nothing";
  if (transferEncoding !== undefined) return "chunked";
  return contentLength === undefined ? "until_close" : "length";
};

const closes = (connection: string): boolean =>
  connection !== "" &&
  connection !== ",keep-alive" &&
  connection.split(",").some((option) => option.trim().toLowerCase() === "close");
