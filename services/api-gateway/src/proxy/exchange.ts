import type { IncomingMessage, ServerResponse } from "node:http";
import { headersForClient } from "../domain/response-headers.ts";
import type { RequestBody } from "./request-body.ts";
import type { CallHandler, ServiceCall } from "./service-call.ts";
import type { Waiting } from "./silence-watch.ts";
import { explainFailure, type FailedCall } from "./upstream-error.ts";
import type { Upstream } from "./upstreams.ts";

/** Above it, making a string of the body costs more than the write that it saves. */
const ONE_WRITE_BYTES_MAX = 16 * 1024;
/** RFC 9110, 9.2.2, of those without a body: sending one again can't do anything twice. */
const repeatable: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export type ExchangeResult = FailedCall["end"];

export type ExchangeOptions = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: RequestBody;
  /** Headers that the gateway puts on every answer. */
  readonly ownHeaders: () => readonly string[];
  /** Called once, when the call has ended for the circuit's purposes. */
  readonly onEnd: (result: ExchangeResult) => void;
  /** Called when there is no answer and the client is still there to be told. */
  readonly onProblem: (failed: FailedCall, error: Error) => void;
};

/**
 * One request on its way to a service and the answer on its way back, both streamed with backpressure. A state with a
 * life: the connection calls it as the exchange goes on.
 *
 * A client that goes away cancels what only reads. Anything else runs on (half a booking helps nobody) and its answer is
 * dropped. A request that certainly never left is sent a second time if it only reads.
 */
export class Exchange implements CallHandler, Waiting {
  readonly #options: ExchangeOptions;
  #call: ServiceCall | undefined;
  /** For the watch: from the end of the request to the beginning of its answer, and within the answer. */
  heardMs = Number.POSITIVE_INFINITY;
  #triesLeft: number;
  #isSent = false;
  #clientGone = false;
  #ended = false;
  #isReported = false;
  #status = 0;
  /** By the service's word; NaN where it gives none. */
  #bodyBytes = Number.NaN;
  #wholeBody: string | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    const { request, body } = options;
    this.#triesLeft = body.kind === "none" && repeatable.has(request.method ?? "") ? 2 : 1;
  }

  start(): void {
    const { response, upstream } = this.#options;
    upstream.inFlight += 1;
    if (response.destroyed) {
      // Left while its token or its body was looked at: nothing was sent, so nothing has to be.
      this.#clientGone = true;
      this.#finish({ kind: "client_gone" });
      return;
    }
    response.on("close", () => {
      if (!response.writableEnded) this.#onClientGone();
    });
    upstream.silence.add(this);
    this.#awaitAnswer();
    this.#dispatch();
  }

  #dispatch(): void {
    const { request, upstream, path, headers, body } = this.#options;
    this.#triesLeft -= 1;
    this.#call = upstream.pool.send({ method: request.method ?? "GET", path, headers, body }, this);
  }

  /** From the body's end: a client that uploads slowly isn't the service's failure. */
  #awaitAnswer(): void {
    const { request, body } = this.#options;
    const isComing = body.kind === "streamed" && !request.readableEnded;
    if (isComing) request.once("end", () => this.#awaitMore());
    else this.#awaitMore();
  }

  #awaitMore(): void {
    this.heardMs = performance.now();
  }

  onSent(): void {
    this.#isSent = true;
  }

  onAnswer(
    status: number,
    headers: readonly string[],
    bodyBytes: number,
    whole: string | undefined,
  ): void {
    if (this.#ended) return;
    this.#awaitMore();
    this.#status = status;
    this.#bodyBytes = bodyBytes;
    this.#wholeBody = whole;
    // A failure is one from here on; whether a success stays one is known at its end.
    if (status >= 500) this.#report({ kind: "answered", status });
    const { response, ownHeaders } = this.#options;
    if (this.#clientGone) return;
    response.writeHead(status, headersForClient(headers, ownHeaders()));
  }

  onData(chunk: Buffer): void {
    const { response } = this.#options;
    this.#awaitMore();
    if (this.#clientGone || this.#ended) return;
    if (chunk.length === this.#bodyBytes && chunk.length <= ONE_WRITE_BYTES_MAX) {
      // All of it, so the end comes next. As a string Node joins it to the headers: one write of one piece.
      this.#wholeBody = chunk.toString("latin1");
      return;
    }
    if (response.write(chunk)) return;
    this.#call?.pause();
    response.once("drain", () => this.#resume());
  }

  #resume(): void {
    this.#awaitMore();
    this.#call?.resume();
  }

  onEnd(): void {
    if (this.#ended) return;
    if (!this.#clientGone) this.#options.response.end(this.#wholeBody, "latin1");
    this.#finish({ kind: "answered", status: this.#status });
  }

  onError(error: Error): void {
    if (this.#ended) return;
    if (!this.#isSent && this.#triesLeft > 0 && !this.#clientGone) {
      this.#dispatch();
      return;
    }
    this.#fail(error);
  }

  onSilence(): void {
    // While a slow client is waited for, nothing is asked of the service.
    if (this.#call?.isPaused) return;
    const error = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
    this.#fail(error);
    this.#call?.abort();
  }

  #fail(error: Error): void {
    const { response, onProblem } = this.#options;
    const failed = explainFailure(error);
    const isStarted = response.headersSent;
    this.#finish(this.#clientGone ? { kind: "client_gone" } : failed.end);
    if (this.#clientGone) return;
    // The status is out: only a broken connection can tell the client that the rest is missing.
    if (isStarted || !failed.problem) response.destroy();
    else onProblem(failed, error);
  }

  #onClientGone(): void {
    if (this.#ended) return;
    this.#clientGone = true;
    if (this.#mayCancel()) {
      this.#finish({ kind: "client_gone" });
      this.#call?.abort();
    } else {
      this.#resume();
    }
  }

  #mayCancel(): boolean {
    const { request, body } = this.#options;
    return repeatable.has(request.method ?? "") || (body.kind === "streamed" && !request.complete);
  }

  #finish(result: ExchangeResult): void {
    this.#ended = true;
    const { upstream } = this.#options;
    upstream.silence.delete(this);
    upstream.inFlight -= 1;
    // A client that went away is never counted, whatever came of its request.
    this.#report(this.#clientGone ? { kind: "client_gone" } : result);
  }

  #report(result: ExchangeResult): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#options.onEnd(result);
  }
}
