import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A TCP proxy on 127.0.0.1 before a real server, for faults that only a network makes. */
export class TcpProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #port = 0;
  #delayMs = 0;

  private constructor(target: URL) {
    this.#target = { host: target.hostname, port: Number(target.port) };
  }

  static async before(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await proxy.mend();
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** From now on every piece of data takes so long, each way. */
  slowDown(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** Nothing passes over the connections of now any more, and neither side is told. */
  freeze(): void {
    for (const { near, far } of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  /** Breaks all connections off and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    for (const pair of this.#pairs) destroy(pair);
    await closed;
  }

  /** Takes connections again, at the same port. */
  async mend(): Promise<void> {
    const server = createServer((near) => this.#join(near));
    this.#server = server;
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  #join(near: Socket): void {
    const pair = { near, far: connect(this.#target) };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [pair.near, pair.far],
      [pair.far, pair.near],
    ] as const) {
      from.on("data", (chunk) => this.#pass(chunk, to));
      from.on("error", () => destroy(pair));
      from.on("close", () => {
        this.#pairs.delete(pair);
        destroy(pair);
      });
    }
  }

  #pass(chunk: Buffer, to: Socket): void {
    if (this.#delayMs === 0) to.write(chunk);
    else setTimeout(() => to.write(chunk), this.#delayMs);
  }
}

function destroy({ near, far }: Pair): void {
  near.destroy();
  far.destroy();
}
