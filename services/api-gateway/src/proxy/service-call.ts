import type { RequestBody } from "./request-body.ts";

export type CallRequest = {
  readonly method: string;
  readonly path: string;
  /** Flat, names in lower case, without those of one connection and `host`. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
};

/** What becomes of a call. `onError` or `onEnd` is the last, once; neither after `abort`. */
export type CallHandler = {
  /** Just before it is written: from here on the service may have it. */
  readonly onSent: () => void;
  /** Not for interim answers. `whole`: the body, as latin1, where it is short and came at once; `onData` isn't called then. */
  readonly onAnswer: (
    status: number,
    headers: readonly string[],
    bodyBytes: number,
    whole: string | undefined,
  ) => void;
  /** A piece of the body, the handler's to keep. */
  readonly onData: (bytes: Buffer) => void;
  readonly onEnd: () => void;
  readonly onError: (error: Error) => void;
};

/** Whoever has a call: the pool while it waits, then a connection. */
export type Carrier = {
  readonly setPaused: (isPaused: boolean) => void;
  readonly drop: (call: ServiceCall) => void;
};

/**
 * One request to a service, waiting, under way or over. A state with a life: what is asked of a call that is over never reaches the
 * connection, which may carry another one by then.
 */
export class ServiceCall {
  readonly request: CallRequest;
  readonly handler: CallHandler;
  #carrier: Carrier | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(request: CallRequest, handler: CallHandler) {
    this.request = request;
    this.handler = handler;
    const { body } = request;
    if (body.kind === "streamed") body.stream.once("error", (error: Error) => this.fail(error));
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Stops reading the answer, so that the service stops sending it. */
  pause(): void {
    this.#setPaused(true);
  }

  resume(): void {
    this.#setPaused(false);
  }

  /** Nobody wants it any more: it isn't sent, or its connection is closed. */
  abort(): void {
    const carrier = this.#carrier;
    if (this.close()) carrier?.drop(this);
  }

  /** The body broke off (the client left, or sent too much): what is there of it is no request. */
  fail(error: Error): void {
    const carrier = this.#carrier;
    if (!this.close()) return;
    carrier?.drop(this);
    this.handler.onError(error);
  }

  /** By whoever takes the call. */
  carryBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  /** By whoever ends it; `false` when it was over before. */
  close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#carrier = undefined;
    return true;
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    this.#carrier?.setPaused(isPaused);
  }
}
