import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { eventually } from "@jatra/testing/eventually.ts";
import type { RequestBody } from "../src/proxy/request-body.ts";
import type { CallHandler, CallRequest } from "../src/proxy/service-call.ts";
import { ServicePool, type PoolOptions } from "../src/proxy/service-pool.ts";

const usual: PoolOptions = { connectionsMax: 4, lifetimeMs: 60_000, idleMs: 3_000 };
export const none: RequestBody = { kind: "none" };

type Outcome = {
  status: number;
  headers: readonly string[];
  body: string;
  sent: boolean;
  end: "none" | "answered" | Error;
};

/** Sends a call and notes what becomes of it. */
export const send = (pool: ServicePool, request: Partial<CallRequest> = {}) => {
  const outcome: Outcome = { status: 0, headers: [], body: "", sent: false, end: "none" };
  const handler: CallHandler = {
    onSent: () => {
      outcome.sent = true;
    },
    onAnswer: (status, headers, _bodyBytes, whole) => {
      Object.assign(outcome, { status, headers, body: whole ?? "" });
    },
    onData: (bytes) => {
      outcome.body += bytes.toString("latin1");
    },
    onEnd: () => {
      outcome.end = "answered";
    },
    onError: (error) => {
      outcome.end = error;
    },
  };
  const whole = { method: "GET", path: "/", headers: [], body: none, ...request };
  const call = pool.send(whole, handler);
  return { call, outcome, over: () => eventually(() => outcome.end !== "none") };
};

export const portOf = (server: { address: () => AddressInfo | string | null }): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A service on loopback that a pool is made for, and what a test needs to see of it. */
export type PoolFixture = {
  /** How the service answers from now on, after it has read the request. */
  answer: Answer;
  readonly server: Server;
  /** The connections that it has. */
  readonly sockets: ReadonlySet<Socket>;
  /** Of this service, or of whatever has that port. */
  readonly pool: (options?: Partial<PoolOptions>, port?: number) => ServicePool;
  readonly close: () => Promise<void>;
};

export const startPoolFixture = async (): Promise<PoolFixture> => {
  const sockets = new Set<Socket>();
  const pools: ServicePool[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      fixture.answer(request, response, Buffer.concat(chunks).toString("latin1"));
    });
  });
  server.keepAliveTimeout = 65_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const fixture: PoolFixture = {
    answer: (_request, response) => response.end("fine"),
    server,
    sockets,
    pool: (options = {}, port = portOf(server)) => {
      const pool = new ServicePool(`http://127.0.0.1:${port}`, { ...usual, ...options });
      pools.push(pool);
      return pool;
    },
    close: async () => {
      server.closeAllConnections();
      for (const pool of pools) await pool.close();
      server.close();
      await eventually(() => sockets.size === 0);
    },
  };
  return fixture;
};
