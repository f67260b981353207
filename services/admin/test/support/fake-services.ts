import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ServiceName } from "@jatra/contracts/service-names.ts";

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
type FakeAnswer = { readonly status: number; readonly body: unknown };

export type FakeServices = {
  readonly urls: ReadonlyMap<ServiceName, string>;
  readonly seen: SeenRequest[];
  /** What is answered from now on; by default 404 `not_found`. */
  answer: (request: SeenRequest) => FakeAnswer | Promise<FakeAnswer>;
  readonly close: () => Promise<void>;
};

/** All other services behind one address; they only ever see what admin-service sends. */
export const startFakeServices = async (): Promise<FakeServices> => {
  const seen: SeenRequest[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "", headers } = request;
    const asked = { method, path: url, headers, body: await text(request) };
    seen.push(asked);
    const { status, body } = await fakes.answer(asked);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  const url = `http://127.0.0.1:${address.port}`;
  const names = ["api-gateway", "schedule", "booking", "search"] satisfies ServiceName[];
  const fakes: FakeServices = {
    urls: new Map(names.map((name) => [name, url])),
    seen,
    answer: () => ({ status: 404, body: { code: "not_found" } }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return fakes;
};
