import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type TestProxy = {
  /** The store's URL with the proxy's address in its place. */
  readonly url: string;
  /** The store goes away: every connection breaks, new ones are refused. */
  readonly cut: () => Promise<void>;
  /** It comes back at the same address. */
  readonly restore: () => Promise<void>;
  /** Connections stay open and carry nothing, as behind a router that has died; new ones are accepted and hang too. */
  readonly freeze: () => void;
  /** What was held back flows on. */
  readonly thaw: () => void;
  readonly close: () => Promise<void>;
};

/** A TCP proxy before a shared store, so that a test can take it away without taking it from the others. */
export const startTestProxy = async (storeUrl: string): Promise<TestProxy> => {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  /** Each direction of each connection. */
  const flows = new Map<Socket, Socket>();
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // A broken half ends the other one; that is the purpose here, not a fault.
      socket.on("error", () => undefined);
    }
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      flows.set(from, to);
      from.on("close", () => flows.delete(from));
      if (frozen) from.pause();
      else from.pipe(to);
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("not listening on TCP");
    return address.port;
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  const url = new URL(storeUrl);
  url.hostname = "127.0.0.1";
  url.port = String(port);
  const freeze = (): void => {
    frozen = true;
    for (const [from, to] of flows) {
      from.unpipe(to);
      from.pause();
    }
  };
  const thaw = (): void => {
    frozen = false;
    for (const [from, to] of flows) from.pipe(to);
  };
  const restore = async (): Promise<void> => void (await listen(port));
  return { url: url.href, cut, restore, freeze, thaw, close: cut };
};
