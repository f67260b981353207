import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type TestProxy = {
  /** The store's URL with the proxy's address in its place. */
  readonly url: string;
  /** The store goes away: every connection breaks, new ones are refused. */
  readonly cut: () => Promise<void>;
  /** It comes back at the same address. */
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A TCP proxy before a shared store, so that a test can take it away without taking it from the others. */
export const startTestProxy = async (storeUrl: string): Promise<TestProxy> => {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // A broken half ends the other one; that is the purpose here, not a fault.
      socket.on("error", () => undefined);
    }
    client.pipe(upstream);
    upstream.pipe(client);
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
  return { url: url.href, cut, restore: async () => void (await listen(port)), close: cut };
};
