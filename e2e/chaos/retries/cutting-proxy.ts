import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type CuttingProxy = {
  readonly url: string;
  /** Connections broken so far. */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
};

/**
 * Where a connection breaks: after so many bytes of requests or of answers, or after so long. A request with its answer has
 * some 2 kB, so the first one may be cut anywhere, or go through and a later one of the same connection be cut.
 */
const BYTES_MAX = { request: 3_000, answer: 1_500 } as const;
const LIFE_MAX_MS = 120;

/** Passes connections on to `targetUrl` and breaks every one of them at a point of its own, by a reset or by an end. */
export const startCuttingProxy = async (targetUrl: string): Promise<CuttingProxy> => {
  const target = new URL(targetUrl);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const timers: NodeJS.Timeout[] = [];
    const ends = [client, upstream];
    const cut = (): void => {
      if (!client.destroyed) cuts += 1;
      for (const end of ends) breakOff(end);
    };
    for (const end of ends) {
      open.add(end);
      end.on("error", () => undefined); // what it is here for
      end.on("close", () => {
        open.delete(end);
        for (const timer of timers) clearTimeout(timer);
        for (const other of ends) other.destroy();
      });
    }
    const point = Math.floor(Math.random() * 3);
    if (point === 2) timers.push(setTimeout(cut, Math.random() * LIFE_MAX_MS));
    pass(client, upstream, point === 0 ? Math.random() * BYTES_MAX.request : Infinity, cut);
    pass(upstream, client, point === 1 ? Math.random() * BYTES_MAX.answer : Infinity, cut);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on TCP");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cuts: () => cuts,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};

/** Hands bytes on until `limit`, also in the middle of a packet. */
const pass = (from: Socket, to: Socket, limit: number, cut: () => void): void => {
  let left = Math.floor(limit);
  from.on("data", (bytes) => {
    if (bytes.length < left) {
      left -= bytes.length;
      to.write(bytes);
      return;
    }
    // What was let through shall arrive before the break.
    to.write(bytes.subarray(0, left), cut);
    left = 0;
    from.pause();
  });
};

const breakOff = (socket: Socket): void => {
  if (Math.random() < 0.5) socket.resetAndDestroy();
  else socket.destroy();
};
