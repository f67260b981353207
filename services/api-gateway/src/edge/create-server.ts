import { createServer, type RequestListener, type Server } from "node:http";
import { answerBrokenRequest, endWithProblem } from "./broken-request.ts";
import { refusedMethod } from "./check-request.ts";
import { limitConnections } from "./limit-connections.ts";

/** All headers of a request together; a token has some 400 bytes, browsers send up to 4 kB of others. */
const HEADERS_BYTES_MAX = 16 * 1024;

export type Patience = {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How long a connection may stand still: in a client that doesn't read its answer, since for all else other limits are shorter. */
  readonly stillTimeoutMs: number;
  /** How often the two are checked, so how late they may come. */
  readonly checkIntervalMs: number;
};

/**
 * A client that takes ten seconds for a few kB of headers is a slow loris. For headers and body together: 1 MiB in 30 s is 35 kB/s. A client
 * that for a minute takes nothing of an answer holds memory here and a connection to the service; one that reads slowly does take some.
 */
const patience: Patience = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  stillTimeoutMs: 60_000,
  checkIntervalMs: 2_000,
};

/** The gateway's server: strict parsing, limits on what a connection may cost, `Expect` answered by the app. */
export const createEdgeServer = (
  app: RequestListener,
  { headersTimeoutMs, requestTimeoutMs, stillTimeoutMs, checkIntervalMs }: Patience = patience,
): Server => {
  const server = createServer(
    {
      maxHeaderSize: HEADERS_BYTES_MAX,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
      insecureHTTPParser: false,
      // edge/check-request.ts looks at it: Node's own answer is no problem+json, and two of them would pass.
      requireHostHeader: false,
      noDelay: true,
      // Nobody here listens to a body that the framing rules out, so it needs no stream's life from `resume` to `close`.
      optimizeEmptyRequests: true,
    },
    app,
  );
  server.timeout = stillTimeoutMs;
  limitConnections(server);
  // Otherwise Node would invite every announced body before anything was checked.
  server.on("checkContinue", app);
  server.on("checkExpectation", app);
  server.on("clientError", answerBrokenRequest);
  // CONNECT would make a tunnel of the connection.
  server.on("connect", (_request, socket) => {
    endWithProblem(socket, refusedMethod());
  });
  return server;
};
