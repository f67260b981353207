import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "../logging/logger.ts";
import { drain } from "./drain.ts";

export type Lifecycle = {
  /** False from the moment the process was told to stop. */
  readonly accepting: () => boolean;
  /** Runs `stop` when the process is told to stop; the last one registered first, one after the other. */
  readonly onStop: (name: string, stop: () => Promise<void>) => void;
};

export type ManagedLifecycle = Lifecycle & { readonly stop: () => Promise<void> };

/**
 * Twice what the gateway lets in: it adds some hundred bytes of its own (the signed identity), and a service that refused those would
 * answer 431 in Node's bare words.
 */
const HEADERS_BYTES_MAX = 32 * 1024;

/** Kubernetes gives 30 s (25 s after preStop); what can't finish by then is handed back by its own recovery. */
const STOP_TIMEOUT_MS = 20_000;

/** Collects what must end in order. `serve` ends it on SIGTERM and SIGINT; tests call `stop` themselves. */
export const createLifecycle = (logger: Logger): ManagedLifecycle => {
  const stops: { name: string; stop: () => Promise<void> }[] = [];
  let accepting = true;
  return {
    accepting: () => accepting,
    onStop: (name, stop) => stops.unshift({ name, stop }),
    stop: async () => {
      accepting = false;
      for (const { name, stop } of stops.splice(0)) {
        await stop().catch((error: unknown) => logger.error({ err: error, name }, "stop failed"));
      }
    },
  };
};

/**
 * Listens, and on SIGTERM drains: readiness fails, answers close their connections, running requests finish, then everything of the
 * lifecycle ends.
 */
export const serve = async (options: {
  readonly app: RequestListener;
  readonly port: number;
  readonly logger: Logger;
  readonly lifecycle: ManagedLifecycle;
  /** A server with settings of its own (the gateway's); `app` is its request listener in any case. */
  readonly createServer?: (app: RequestListener) => Server;
}): Promise<number> => {
  const server = (options.createServer ?? createPlainServer)(options.app);
  // Longer than anybody inside keeps idle connections (service/drain.ts); a browser's are worth keeping for a minute.
  server.keepAliveTimeout = 65_000;
  const port = await listen(server, options.port);
  // The last one registered, so the first to run: requests need all the rest.
  options.lifecycle.onStop("http", async () => {
    await drain(server);
    await close(server);
  });
  const end = (signal: string): void => {
    options.logger.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    void options.lifecycle.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  options.logger.info({ port }, "listening");
  return port;
};

const createPlainServer = (app: RequestListener): Server =>
  createServer({ maxHeaderSize: HEADERS_BYTES_MAX }, app);

const listen = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  return addressOf(server).port;
};

const addressOf = (server: Server): AddressInfo => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return address;
};

const close = async (server: Server): Promise<void> => {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
};
