import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { BadAnswerError, type AnswerHead } from "../../src/proxy/answer-head.ts";
import { AnswerParser } from "../../src/proxy/answer-parser.ts";

type Parsed = { heads: AnswerHead[]; body: string; ended: boolean };

/** What the parser makes of an answer that comes in these pieces, after which the connection ends. */
const parse = (pieces: readonly Buffer[], method = "GET"): Parsed => {
  const parsed: Parsed = { heads: [], body: "", ended: false };
  const parser = new AnswerParser({
    onHead: (head, whole) => {
      parsed.heads.push(head);
      parsed.body += whole ?? "";
    },
    onBody: (bytes) => {
      parsed.body += bytes.toString("latin1");
    },
    onEnd: () => {
      parsed.ended = true;
    },
  });
  parser.expect(method);
  // As on a connection: each read comes in the one buffer, over the one before.
  const shared = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)));
  for (const piece of pieces) parser.take(shared.subarray(0, piece.copy(shared)));
  parser.end();
  return parsed;
};

const parseText = (text: string, method?: string): Parsed =>
  parse([Buffer.from(text, "latin1")], method);

/** The same by Node's own client, whose parser is llhttp. */
const parseByNode = async (pieces: readonly Buffer[], method: string) => {
  const socket = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(),
  });
  const sent = request({ method, createConnection: () => socket });
  sent.end();
  for (const piece of pieces) socket.push(Buffer.from(piece));
  socket.push(null);
  const [answer] = await once(sent, "response");
  const body = (await buffer(answer)).toString("latin1");
  const headers = answer.rawHeaders.map((each: string, index: number) =>
    index % 2 === 0 ? each.toLowerCase() : each,
  );
  return { status: answer.statusCode, headers, body };
};

const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const ends = [...places, bytes.length];
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
};

const chunked = (parts: readonly string[], extension: string): string =>
  [...parts.filter((part) => part !== ""), ""]
    .map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`)
    .join("");

const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});
const fieldValue = fc
  .string({ unit: fc.constantFrom("a", "Z", "0", " ", ",", ";", '"', "=", "é", "\t", "\u00a0") })
  // Not `trim`: the second byte of an "à" is white to JavaScript, and not to HTTP.
  .map((value) => value.replaceAll(/^[ \t]+|[ \t]+$/g, ""));
const fields = fc.array(
  fc.tuple(fc.constantFrom("Date", "etag", "X-A", "Set-Cookie", "Location"), fieldValue),
  { maxLength: 6 },
);

const answers = fc.record({
  status: fc.constantFrom(200, 201, 204, 304, 404, 409, 503),
  method: fc.constantFrom("GET", "HEAD", "POST"),
  framing: fc.constantFrom("length", "chunked", "until_close"),
  parts: fc.array(latin1, { maxLength: 4 }),
  extension: fc.constantFrom("", ";a=1", ";b"),
  interim: fc.boolean(),
  fields,
});

describe("the parser of answers", () => {
  it("agrees with Node's on any answer, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.array(fc.nat(), { maxLength: 8 }), async (answer, at) => {
        const { status, method, framing, parts, fields: own } = answer;
        const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
        const body = parts.join("");
        const lines = own.map(([name, value]) => `${name}: ${value}\r\n`).join("");
        const frame = {
          length: `Content-Length: ${body.length}\r\n`,
          chunked: "Transfer-Encoding: chunked\r\n",
          until_close: "Connection: close\r\n",
        }[framing];
        const framed = framing === "chunked" ? chunked(parts, answer.extension) : body;
        const interim = answer.interim ? "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" : "";
        const text = `${interim}HTTP/1.1 ${status} Any\r\n${lines}${frame}\r\n${hasBody ? framed : ""}`;
        const pieces = cut(Buffer.from(text, "latin1"), at);
        const parsed = parse(pieces, method);
        const [head] = parsed.heads;
        assert.deepEqual(
          { status: head?.status, headers: head?.headers, body: parsed.body },
          await parseByNode(pieces, method),
        );
        assert.equal(parsed.heads.length, 1);
        assert.equal(parsed.ended, true);
      }),
      { numRuns: 500 },
    );
  });

  it("knows whether the connection may carry another request", () => {
    const isReusable = (...lines: string[]): boolean | undefined =>
      parseText(["HTTP/1.1 200 OK", ...lines, "", ""].join("\r\n")).heads[0]?.isReusable;
    assert.equal(isReusable("Content-Length: 0"), true);
    assert.equal(isReusable("Content-Length: 0", "Connection: keep-alive"), true);
    assert.equal(isReusable("Content-Length: 0", "Connection: Foo, Close"), false);
    assert.equal(isReusable("Content-Length: 0", "Connection: x", "Connection: close"), false);
    assert.equal(isReusable(), false, "a body until the connection closes");
    const old = parseText("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").heads[0];
    assert.equal(old?.isReusable, false, "HTTP/1.0 closes");
  });

  it("takes nothing that could be understood in two ways", () => {
    const length = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
    const chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const refused = [
      "HTTP/2 200 OK\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 200 OK\n\n\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
      `${length}Content-Length: 3\r\n\r\nabc`,
      `${length}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nab",
      `${length} folded\r\n\r\nab`,
      `${length}X: a\nY: b\r\n\r\nab`,
      `${length}X: \u0000\r\n\r\nab`,
      `${length}\r\nabc`,
      `${length}\r\na`,
      `${chunks}2\r\nabc\r\n0\r\n\r\n`,
      `${chunks}2\nab\r\n0\r\n\r\n`,
      `${chunks}-2\r\nab\r\n0\r\n\r\n`,
      `${chunks}2 ;a\r\nab\r\n0\r\n\r\n`,
      `${chunks}0x2\r\nab\r\n0\r\n\r\n`,
      `${chunks}2\r\nab\r\n`,
      `${chunks}${"0".repeat(20)}2\r\nab\r\n0\r\n\r\n`,
      `HTTP/1.1 200 OK\r\nX: ${"x".repeat(17_000)}\r\n\r\n`,
    ];
    for (const text of refused) assert.throws(() => parseText(text), BadAnswerError, text);
  });

  it("keeps no more of a head without an end than a head may have", () => {
    const pieces = Array.from({ length: 20 }, () => Buffer.alloc(1_000, "HTTP/1.1 200 OK"));
    assert.throws(() => parse(pieces), BadAnswerError);
  });
});
