import { connect, type Socket } from "node:net";
import type { AnswerHead } from "./answer-head.ts";
import { AnswerParser } from "./answer-parser.ts";
import type { Carrier, ServiceCall } from "./service-call.ts";
import { writeRequest } from "./write-request.ts";

/** Inside a cluster a connection takes a millisecond; a lost SYN is repeated after one second. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Of one read, of all connections: its bytes are looked at, or copied, before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

export type ServiceAddress = {
  readonly host: string;
  readonly port: number;
  readonly hostLine: string;
};

export type ConnectionOwner = {
  readonly onConnected: () => void;
  /** It can take a call: for the first time, or again. */
  readonly onFree: () => void;
  /** It takes no more calls. `failure` where it never came to be. */
  readonly onGone: (failure: Error | undefined) => void;
};

/** One keep-alive connection to a service. It carries one call at a time: a slow answer keeps nobody else waiting. */
export class ServiceConnection implements Carrier {
  readonly openedMs = performance.now();
  /** Kept by the owner. */
  freeSinceMs = 0;
  readonly #address: ServiceAddress;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #parser: AnswerParser;
  #call: ServiceCall | undefined;
  /** While a streamed body is on its way. */
  #stopWriting: (() => void) | undefined;
  readonly #onWritten = (): void => {
    this.#stopWriting = undefined;
  };
  #isReusable = true;
  #isConnected = false;
  #isGone = false;
  #error: Error | undefined;

  constructor(address: ServiceAddress, owner: ConnectionOwner) {
    this.#address = address;
    this.#owner = owner;
    this.#parser = new AnswerParser({
      onHead: (head, whole) => this.#onHead(head, whole),
      onBody: (bytes) => this.#call?.handler.onData(Buffer.from(bytes)),
      onEnd: () => this.#onAnswered(),
    });
    const { host, port } = address;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length) => this.#onRead(length) },
    });
    this.#socket
      .setTimeout(CONNECT_TIMEOUT_MS)
      .once("timeout", () => this.#drop(late()))
      .once("connect", () => this.#onConnect())
      .on("error", (error) => {
        this.#error ??= error;
      })
      // At once: until its closing is through, nobody may take it for a free one.
      .once("end", () => this.#onOtherSideEnded())
      .once("close", () => this.#leave());
  }

  /** Begins a call. `false`: nobody wants it any more, and the connection is as free as before. */
  carry(call: ServiceCall): boolean {
    const { request } = call;
    // It may have broken before anybody listened.
    if (request.body.kind === "streamed" && request.body.stream.errored) {
      call.fail(request.body.stream.errored);
    }
    if (!call.isOver) call.handler.onSent();
    if (call.isOver) return false;
    this.#call = call;
    call.carryBy(this);
    this.#parser.expect(request.method);
    try {
      const { hostLine } = this.#address;
      this.#stopWriting = writeRequest(this.#socket, request, hostLine, this.#onWritten);
    } catch (error) {
      this.#drop(error instanceof Error ? error : new Error("not written", { cause: error }));
    }
    return true;
  }

  setPaused(isPaused: boolean): void {
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  drop(): void {
    this.#drop(undefined);
  }

  #onConnect(): void {
    this.#isConnected = true;
    this.#socket.setTimeout(0);
    this.#owner.onConnected();
    this.#owner.onFree();
  }

  #onRead(length: number): boolean {
    try {
      this.#parser.take(readBuffer.subarray(0, length));
    } catch (error) {
      this.#drop(error instanceof Error ? error : new Error("unread", { cause: error }));
    }
    return this.#call?.isPaused !== true;
  }

  #onHead(head: AnswerHead, whole: string | undefined): void {
    this.#isReusable = head.isReusable;
    this.#call?.handler.onAnswer(head.status, head.headers, head.bodyBytes, whole);
  }

  #onAnswered(): void {
    const call = this.#call;
    if (call && !call.isOver) call.handler.onEnd();
    call?.close();
    this.#call = undefined;
    // Its last piece may have been one too many for the client, but the next call's answer is to be read.
    if (call?.isPaused) this.#socket.resume();
    // An answer that came before the request was through: what is left of that would be taken for the next one.
    const isFree = !this.#stopWriting && this.#isReusable && !this.#isGone;
    if (isFree) this.#owner.onFree();
    else this.#drop(undefined);
  }

  #onOtherSideEnded(): void {
    try {
      this.#parser.end();
      this.#drop(undefined);
    } catch (error) {
      this.#drop(error instanceof Error ? error : new Error("unread", { cause: error }));
    }
  }

  #drop(error: Error | undefined): void {
    this.#error ??= error;
    this.#socket.destroy();
    this.#leave();
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopWriting?.();
    const error = this.#error ?? broken();
    const call = this.#call;
    this.#call = undefined;
    this.#owner.onGone(this.#isConnected ? undefined : error);
    if (call?.close()) call.handler.onError(error);
  }
}

const late = (): Error => Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" });

const broken = (): Error =>
  Object.assign(new Error("the service closed the connection"), { code: "ECONNRESET" });
