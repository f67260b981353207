import { createServer, type RequestListener, type Server } from "node:http";
import { answerBrokenRequest } from "./broken-request.ts";

/** All headers of a request together; a token has some 400 bytes, browsers send up to 4 kB of others. */
const HEADERS_BYTES_MAX = 16 * 1024;
/** A client that takes longer for a few kB of headers is a slow loris. */
const HEADERS_TIMEOUT_MS = 10_000;
/** For headers and body together: 1 MiB in 30 s is 35 kB/s. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often the two are checked, so how late they may come. */
const CHECK_INTERVAL_MS = 2_000;

/** The gateway's server: strict parsing, limits on what a connection may cost, `Expect` answered by the app. */
export const createEdgeServer = (app: RequestListener): Server => {
  const server = createServer(
    {
      maxHeaderSize: HEADERS_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      insecureHTTPParser: false,
      requireHostHeader: true,
      noDelay: true,
    },
    app,
  );
  // Otherwise Node would invite every announced body before anything was checked.
  server.on("checkContinue", app);
  server.on("checkExpectation", app);
  server.on("clientError", answerBrokenRequest);
  // CONNECT would make a tunnel of the connection.
  server.on("connect", (_request, socket) => {
    socket.end("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  return server;
};
