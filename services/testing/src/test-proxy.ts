import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Transform, type Writable } from "node:stream";

/** Sees what one connection carries, and answers what is to be passed on: the rest stays behind. */
export type ConnectionTap = {
  readonly fromClient: (bytes: Buffer) => Buffer;
  readonly fromServer: (bytes: Buffer) => Buffer;
};

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
  /** Connections made from now on carry everything so much later, in each direction; 0 for at once. */
  readonly setLatency: (latencyMs: number) => void;
  /** Connections made from now on pass through a tap of their own; `undefined` for none. */
  readonly setTap: (makeTap: (() => ConnectionTap) | undefined) => void;
  readonly close: () => Promise<void>;
};

/** A TCP proxy before a shared store, so that a test can take it away without taking it from the others. */
export const startTestProxy = async (storeUrl: string): Promise<TestProxy> => {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  /** Each direction of each connection. */
  const flows = new Map<Socket, Writable>();
  let frozen = false;
  let latencyMs = 0;
  let makeTap: (() => ConnectionTap) | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      // A broken half ends the other one; that is the purpose here, not a fault.
      socket.on("error", () => undefined);
    }
    const tap = makeTap?.();
    carry(client, tap ? tapped(tap.fromClient, upstream) : upstream);
    carry(upstream, tap ? tapped(tap.fromServer, client) : client);
  });
  const carry = (from: Socket, to: Writable): void => {
    const way = latencyMs > 0 ? delayed(latencyMs, to) : to;
    flows.set(from, way);
    from.on("close", () => {
      flows.delete(from);
      to.destroy();
    });
    if (frozen) from.pause();
    else from.pipe(way);
  };
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
  const setLatency = (ms: number): void => {
    latencyMs = ms;
  };
  const setTap: TestProxy["setTap"] = (make) => {
    makeTap = make;
  };
  return { url: url.href, cut, restore, freeze, thaw, setLatency, setTap, close: cut };
};

/** A way to `to` for what `pass` answers. It ends with its socket, and its socket with it. */
const tapped = (pass: (bytes: Buffer) => Buffer, to: Socket): Writable => {
  const way = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, pass(chunk));
    },
  });
  to.on("close", () => way.destroy());
  way.on("close", () => to.destroy());
  way.pipe(to);
  return way;
};

/** A way to `to` that takes its time; what was sent first arrives first, as timers of one length do. */
const delayed = (latencyMs: number, to: Writable): Writable => {
  const way = new Transform({
    transform(chunk, _encoding, done) {
      setTimeout(() => this.push(chunk), latencyMs);
      done();
    },
    flush(done) {
      setTimeout(done, latencyMs);
    },
  });
  to.on("close", () => way.destroy());
  way.pipe(to);
  return way;
};
