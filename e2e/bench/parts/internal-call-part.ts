import { once } from "node:events";
import { createServer } from "node:http";
import { exchange } from "@jatra/common/http/exchange.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { Agent, request } from "undici";
import type { Part } from "./part.ts";

const TIMEOUT_MS = 5_000;
const answer = JSON.stringify({ lockId: "lock-1", journeyId: "journey-1", seatIds: ["seat-1"] });

/** A small call to a server of the same process, whose part is in both figures. */
export const internalCallPart = async (): Promise<Part> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": answer.length }).end(answer);
  });
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${port}`;
  const dispatcher = new Agent({ connections: 64 });
  const call = { path: "/", method: "POST", headers: {}, body: '{"bookingId":"b-1"}' } as const;
  const byRequest = async (): Promise<string> => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const { signal } = controller;
      const { body } = await request(`${origin}/`, { ...call, dispatcher, signal });
      return await body.text();
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    name: "a call between services: undici's request with a signal, its handlers alone",
    count: 20_000,
    inFlight: 32,
    ways: {
      before: byRequest,
      after: () => exchange(dispatcher, { origin, ...call }, TIMEOUT_MS),
    },
    stop: async () => {
      await dispatcher.close();
      server.close();
    },
  };
};
