import { ServiceCall, type CallHandler, type CallRequest, type Carrier } from "./service-call.ts";
import { ServiceConnection, type ServiceAddress } from "./service-connection.ts";

/** How often idle connections are looked through, so how much longer than `idleMs` one may stay. */
const SWEEP_MS = 500;

export type PoolOptions = {
  readonly connectionsMax: number;
  /** Connections end for new pods to get any. */
  readonly lifetimeMs: number;
  readonly idleMs: number;
};

/**
 * Keep-alive connections to a service at `baseUrl`, each used in its turn, so that the pods behind them get equal shares. Calls of one
 * turn of the event loop leave together at its end: by then everything that had arrived is read, also that a service has closed a
 * connection which otherwise were used just then.
 */
export class ServicePool {
  readonly #address: ServiceAddress;
  readonly #options: PoolOptions;
  readonly #sweeper: NodeJS.Timeout;
  readonly #all = new Set<ServiceConnection>();
  /** The one that has been free for longest comes first. */
  readonly #free = new Set<ServiceConnection>();
  readonly #waiting = new Set<ServiceCall>();
  readonly #waitingRoom: Carrier = {
    setPaused: () => undefined,
    drop: (call) => void this.#waiting.delete(call),
  };
  readonly #flush = (): void => this.#onTurnEnd();
  #connecting = 0;
  #isScheduled = false;
  #closing: PromiseWithResolvers<void> | undefined;

  constructor(baseUrl: string, options: PoolOptions) {
    this.#address = addressOf(baseUrl);
    this.#options = options;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** Sends a request when a connection is free. The handler hears of it, never before this returns. */
  send(request: CallRequest, handler: CallHandler): ServiceCall {
    const call = new ServiceCall(request, handler);
    if (this.#closing) {
      setImmediate(() => call.close() && handler.onError(new Error("the pool is closed")));
      return call;
    }
    this.#waiting.add(call);
    call.carryBy(this.#waitingRoom);
    this.#schedule();
    return call;
  }

  /** Takes no more calls, awaits those under way. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#closing ??= Promise.withResolvers<void>();
    for (const connection of this.#free) connection.drop();
    if (this.#all.size === 0) this.#closing.resolve();
    await this.#closing.promise;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  }

  #onTurnEnd(): void {
    this.#isScheduled = false;
    for (const call of this.#waiting) {
      const [connection] = this.#free;
      if (!connection) break;
      this.#waiting.delete(call);
      this.#free.delete(connection);
      if (!connection.carry(call)) this.#free.add(connection);
    }
    const missing = this.#waiting.size - this.#connecting;
    const allowed = this.#options.connectionsMax - this.#all.size;
    for (let more = Math.min(missing, allowed); more > 0; more -= 1) this.#open();
  }

  #open(): void {
    this.#connecting += 1;
    const connection = new ServiceConnection(this.#address, {
      onConnected: () => {
        this.#connecting -= 1;
      },
      onFree: () => this.#onFree(connection),
      onGone: (failure) => this.#onGone(connection, failure),
    });
    this.#all.add(connection);
  }

  #onFree(connection: ServiceConnection): void {
    const nowMs = performance.now();
    const isOld = nowMs - connection.openedMs > this.#options.lifetimeMs;
    if (isOld || (this.#closing && this.#waiting.size === 0)) {
      connection.drop();
      return;
    }
    connection.freeSinceMs = nowMs;
    this.#free.add(connection);
    if (this.#waiting.size > 0) this.#schedule();
  }

  #onGone(connection: ServiceConnection, failure: Error | undefined): void {
    this.#all.delete(connection);
    this.#free.delete(connection);
    if (failure) this.#onNotConnected(failure);
    if (this.#waiting.size > 0) this.#schedule();
    if (this.#all.size === 0) this.#closing?.resolve();
  }

  /** One connection is opened for each call that waits, so one call fails with it. */
  #onNotConnected(failure: Error): void {
    this.#connecting -= 1;
    const [call] = this.#waiting;
    if (!call) return;
    this.#waiting.delete(call);
    if (call.close()) call.handler.onError(failure);
  }

  #sweep(): void {
    const beforeMs = performance.now() - this.#options.idleMs;
    for (const connection of this.#free) {
      if (connection.freeSinceMs > beforeMs) return;
      connection.drop();
    }
  }
}

const addressOf = (baseUrl: string): ServiceAddress => {
  const { hostname, port, host, protocol } = new URL(baseUrl);
  if (protocol !== "http:") throw new Error(`${baseUrl}: services speak http`);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || "80"),
    hostLine: `host: ${host}\r\n`,
  };
};
