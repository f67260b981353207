/** What Node's parser lets through although two programs could understand it in two ways. */
export type Framing = {
  readonly httpVersion: string;
  /** Node's flat list. */
  readonly rawHeaders: readonly string[];
  /** All Transfer-Encoding fields, joined. */
  readonly transferEncoding: string | undefined;
};

/**
 * Why a request's framing is refused, `undefined` where it is good: a version other than 1.0 and 1.1, no Host, two of them or one that
 * names no host (RFC 9112, 3.2), a transfer coding that isn't chunked alone (6.1; whoever knows only chunked would take the rest for the body), or any with
 * HTTP/1.0, which knows none.
 */
export const framingFault = (request: Framing): string | undefined => {
  const { httpVersion, transferEncoding } = request;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return "This is not HTTP/1.1.";
  const fault = hostFault(request);
  if (fault !== undefined) return fault;
  if (transferEncoding === undefined) return undefined;
  const isChunked = httpVersion === "1.1" && transferEncoding.toLowerCase() === "chunked";
  return isChunked ? undefined : "The only transfer coding is chunked.";
};

/** A name or address and a port (RFC 3986, 3.2.2 and 3.2.3). The comma that a name may have is two Hosts to some. */
const wellFormedHost = /^(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

const hostFault = ({ httpVersion, rawHeaders }: Framing): string | undefined => {
  let hosts = 0;
  let host = "";
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    hosts += 1;
    host = rawHeaders[index + 1] ?? "";
  }
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1")) return "There must be one Host header.";
  if (hosts === 0 || wellFormedHost.test(host)) return undefined;
  return "The Host header names no host.";
};
