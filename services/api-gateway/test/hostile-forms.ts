/**
 * Requests as no honest client writes them. Our own table of what RFC 9112 and RFC 9110 forbid or leave to the recipient, in the
 * order of their chapters; the classes are those of Http11Probe (smuggling, malformed, compliance) and of llhttp's own tests.
 *
 * A GET follows each on the same connection: whoever frames a form another way than the gateway would find a request where the
 * gateway saw a body, or the reverse.
 */
export type Form = {
  readonly name: string;
  readonly text: string;
  /** `refused`: 400 and the end of the connection. Else what the service must have got, each with its body. */
  readonly outcome: "refused" | readonly { readonly url: string; readonly body: string }[];
};

export const FOLLOWER = "/api/trains?follower";
const login = "POST /api/auth/login HTTP/1.1\r\nHost: a\r\n";
const get = "GET /api/trains HTTP/1.1\r\nHost: a\r\n";
/** What a smuggler would like to get through. */
const hidden = "GET /api/trains?hidden HTTP/1.1\r\nHost: a\r\n\r\n";
const chunked = "Transfer-Encoding: chunked\r\n\r\n";

const refused = (name: string, text: string): Form => ({ name, text, outcome: "refused" });
const understood = (name: string, text: string, body: string): Form => ({
  name,
  text,
  outcome: [{ url: "/api/auth/login", body }],
});

const requestLines: readonly Form[] = [
  refused("a request line that ends after the method", "GET\r\n\r\n"),
  refused("no version (HTTP/0.9)", "GET /api/trains\r\n\r\n"),
  refused("HTTP/1.2", "GET /api/trains HTTP/1.2\r\nHost: a\r\n\r\n"),
  refused("HTTP/2.0 in words", "GET /api/trains HTTP/2.0\r\nHost: a\r\n\r\n"),
  refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  refused("a version in lower case", "GET /api/trains http/1.1\r\nHost: a\r\n\r\n"),
  refused("a method that doesn't exist", "STEAL /api/trains HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a method in lower case", "get /api/trains HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a control character in the target", "GET /api/tra\x01ins HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a space in the target", "GET /api/trains x HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a tab after the method", "GET\t/api/trains HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a space for a target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused("a zero byte in the target", "GET /api/tra\x00ins HTTP/1.1\r\nHost: a\r\n\r\n"),
  refused(
    "a letter that isn't ASCII in the target",
    "GET /api/tr\xe4ins HTTP/1.1\r\nHost: a\r\n\r\n",
  ),
  refused(
    "a method of 1,000 letters",
    `${"G".repeat(1_000)} /api/trains HTTP/1.1\r\nHost: a\r\n\r\n`,
  ),
  refused("a version without a second number", "GET /api/trains HTTP/1\r\nHost: a\r\n\r\n"),
  refused("a version with leading zeros", "GET /api/trains HTTP/01.01\r\nHost: a\r\n\r\n"),
  refused("a space in the version", "GET /api/trains HTTP/ 1.1\r\nHost: a\r\n\r\n"),
  refused("CR alone everywhere", "GET /api/trains HTTP/1.1\rHost: a\r\r"),
  refused("bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
];

const headers: readonly Form[] = [
  refused("no Host", "GET /api/trains HTTP/1.1\r\n\r\n"),
  refused("two Hosts", `${get}Host: b\r\n\r\n`),
  ...["", "a/b", "user@a", "a, b", "a b", "a?b", "http://a", "a:b"].map((host) =>
    refused(`the Host «${host}»`, `GET /api/trains HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  ),
  refused("a space before the colon", `${get}X-A : b\r\n\r\n`),
  refused("a header without a colon", `${get}X-A\r\n\r\n`),
  refused("a header without a name", `${get}: b\r\n\r\n`),
  refused("a folded header (obs-fold)", `${get}X-A: b\r\n c\r\n\r\n`),
  refused("a folded Transfer-Encoding", `${login}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`),
  refused("a space before the first header", "GET /api/trains HTTP/1.1\r\n Host: a\r\n\r\n"),
  refused("a zero byte in a value", `${get}X-A: b\x00c\r\n\r\n`),
  refused("a zero byte in a name", `${get}X-\x00A: b\r\n\r\n`),
  refused("a lone CR in a value", `${get}X-A: b\rX-B: c\r\n\r\n`),
  refused("a line that ends with LF alone", `${get}X-A: b\nX-B: c\r\n\r\n`),
  refused("LF alone everywhere", "GET /api/trains HTTP/1.1\nHost: a\n\n"),
  refused("a name with a tab", `${get}X\tA: b\r\n\r\n`),
  refused("a name with a letter that isn't ASCII", `${get}X-\xe4: b\r\n\r\n`),
  refused("a control character in a value", `${get}X-A: b\x01c\r\n\r\n`),
  refused("a name with brackets", `${get}X[a]: b\r\n\r\n`),
];

const lengths: readonly Form[] = [
  refused("two different lengths", `${login}Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}`),
  refused("the same length twice", `${login}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`),
  refused("a list of lengths", `${login}Content-Length: 2, 2\r\n\r\n{}`),
  refused("a negative length", `${login}Content-Length: -2\r\n\r\n{}`),
  refused("a length with a plus", `${login}Content-Length: +2\r\n\r\n{}`),
  refused("a hexadecimal length", `${login}Content-Length: 0x2\r\n\r\n{}`),
  refused("a length with a fraction", `${login}Content-Length: 2.0\r\n\r\n{}`),
  refused("a length with a space inside", `${login}Content-Length: 1 2\r\n\r\n{}`),
  refused("a length over 64 bits", `${login}Content-Length: 99999999999999999999\r\n\r\n{}`),
  refused("an empty length", `${login}Content-Length:\r\n\r\n`),
  refused("a length of minus zero", `${login}Content-Length: -0\r\n\r\n`),
  refused("a length with an underscore", `${login}Content-Length: 0_2\r\n\r\n{}`),
  refused("an octal length", `${login}Content-Length: 0o2\r\n\r\n{}`),
  refused("a space before the colon of a length", `${login}Content-Length : 2\r\n\r\n{}`),
  refused("a length in letters", `${login}Content-Length: two\r\n\r\n{}`),
];

/** Decimal, as everybody but an old C library reads it. */
const zeros = understood(
  "a length with leading zeros",
  `${login}Content-Length: 0002\r\n\r\n{}`,
  "{}",
);

const codings: readonly Form[] = [
  refused("CL.TE", `${login}Content-Length: ${hidden.length + 5}\r\n${chunked}0\r\n\r\n${hidden}`),
  refused("TE.CL", `${login}${chunked.trimEnd()}\r\nContent-Length: 4\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
  refused(
    "TE.TE, the last unknown",
    `${login}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n`,
  ),
  refused(
    "a coding before chunked that nobody knows",
    `${login}Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n`,
  ),
  refused("gzip before chunked", `${login}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`),
  refused("chunked that isn't last", `${login}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`),
  refused("chunked twice", `${login}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`),
  refused("identity", `${login}Transfer-Encoding: identity\r\n\r\n`),
  refused(
    "a coding that only looks like chunked",
    `${login}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  ),
  refused("chunked with a vertical tab", `${login}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`),
  refused("chunked with a form feed", `${login}Transfer-Encoding: \x0cchunked\r\n\r\n0\r\n\r\n`),
  refused("chunked with a zero byte", `${login}Transfer-Encoding: chunked\x00\r\n\r\n0\r\n\r\n`),
  refused("chunked and a comma", `${login}Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n`),
  refused("a comma and chunked", `${login}Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n`),
  refused("chunked and a length of zero", `${login}Content-Length: 0\r\n${chunked}0\r\n\r\n`),
  refused("chunked in quotes", `${login}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`),
  refused(
    "a space before the colon of Transfer-Encoding",
    `${login}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  ),
  refused("an empty coding", `${login}Transfer-Encoding:\r\n\r\n0\r\n\r\n`),
  refused(
    "chunked with HTTP/1.0",
    "POST /api/auth/login HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ),
  understood(
    "chunked in capitals",
    `${login}Transfer-Encoding: CHUNKED\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    "{}",
  ),
];

const chunks: readonly Form[] = [
  refused("a chunk's size in no digits", `${login}${chunked}x\r\n{}\r\n0\r\n\r\n`),
  refused("a chunk's size with 0x", `${login}${chunked}0x2\r\n{}\r\n0\r\n\r\n`),
  refused("a negative chunk", `${login}${chunked}-2\r\n{}\r\n0\r\n\r\n`),
  refused("a space before a chunk's size", `${login}${chunked} 2\r\n{}\r\n0\r\n\r\n`),
  refused("a space after a chunk's size", `${login}${chunked}2 \r\n{}\r\n0\r\n\r\n`),
  refused("an underscore in a chunk's size", `${login}${chunked}0_2\r\n{}\r\n0\r\n\r\n`),
  refused("a chunk's size over 64 bits", `${login}${chunked}fffffffffffffffff\r\n{}\r\n0\r\n\r\n`),
  refused("a chunk longer than its size", `${login}${chunked}1\r\n{}\r\n0\r\n\r\n`),
  refused("a chunk's size that ends with LF", `${login}${chunked}2\n{}\r\n0\r\n\r\n`),
  refused("a chunk that ends with LF", `${login}${chunked}2\r\n{}\n0\r\n\r\n`),
  refused("a chunk that ends with CR", `${login}${chunked}2\r\n{}\r0\r\n\r\n`),
  refused("a chunk without an end", `${login}${chunked}2\r\n{}0\r\n\r\n`),
  refused("a semicolon without an extension", `${login}${chunked}2;\r\n{}\r\n0\r\n\r\n`),
  refused("a zero byte in a chunk's extension", `${login}${chunked}2;a\x00b\r\n{}\r\n0\r\n\r\n`),
  refused("a lone CR in a chunk's extension", `${login}${chunked}2;a\rb\r\n{}\r\n0\r\n\r\n`),
  refused("LF in a chunk's extension", `${login}${chunked}2;a\n{}\r\n0\r\n\r\n`),
  refused("an extension of 20 kB", `${login}${chunked}2;${"a".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`),
  understood("a chunk's extension", `${login}${chunked}2;a=b\r\n{}\r\n0\r\n\r\n`, "{}"),
  understood(
    "a chunk's size in capitals",
    `${login}${chunked}A\r\n0123456789\r\n0\r\n\r\n`,
    "0123456789",
  ),
  understood("two chunks", `${login}${chunked}1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`, "{}"),
  understood("leading zeros", `${login}${chunked}0000002\r\n{}\r\n000\r\n\r\n`, "{}"),
  refused(
    "a trailer that is a length",
    `${login}${chunked}2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n`,
  ),
  understood(
    "a trailer that is an identity",
    `${login}${chunked}2\r\n{}\r\n0\r\nX-Jatra-Identity: x\r\n\r\n`,
    "{}",
  ),
];

const bodies: readonly Form[] = [
  {
    // One of the two is all that a service gets.
    name: "two spaces before the target",
    text: "GET  /api/trains HTTP/1.1\r\nHost: a\r\n\r\n",
    outcome: [{ url: "/api/trains", body: "" }],
  },
  {
    name: "HTTP/1.0 without a Host",
    text: "GET /api/trains HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    outcome: [{ url: "/api/trains", body: "" }],
  },
  {
    name: "a GET with a body that is a request",
    text: `${get}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    outcome: [{ url: "/api/trains", body: hidden }],
  },
  {
    name: "empty lines before a request",
    text: `\r\n\r\n${get}\r\n`,
    outcome: [{ url: "/api/trains", body: "" }],
  },
  {
    name: "a Connection header that names the length",
    text: `${login}Connection: Content-Length\r\nContent-Length: 2\r\n\r\n{}`,
    outcome: [{ url: "/api/auth/login", body: "{}" }],
  },
];

export const forms: readonly Form[] = [
  ...requestLines,
  ...headers,
  ...lengths,
  zeros,
  ...codings,
  ...chunks,
  ...bodies,
];
