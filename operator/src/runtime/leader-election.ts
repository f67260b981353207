import { setTimeout as delay } from "node:timers/promises";
import type { ApiClient } from "./api-client.ts";
import { readLease, writeLease, type LeaseName } from "./lease-client.ts";
import {
  heldRecord,
  mayStillWrite,
  nextStep,
  observeLease,
  releasedRecord,
  RENEW_DEADLINE_MS,
  RETRY_MS,
  type Observation,
} from "./lease-state.ts";

export interface ElectorOptions {
  /** One of its own, with its own rate limit: a busy operator must not be late for its renewal. */
  readonly client: ApiClient;
  readonly lease: LeaseName;
  /** Nobody else's, also not an earlier process's of the same pod. */
  readonly identity: string;
  readonly onError: (error: unknown) => void;
  /** Told of every change: for log and metric. */
  readonly onChange: (isLeader: boolean) => void;
}

/** Is thrown instead of sending a write when the lease may be another's by now. */
export class NotLeaderError extends Error {
  override readonly name = "NotLeaderError";
}

/**
 * Competes for a Lease until it is stopped. Once led and lost, it never leads again: whoever
 * runs it ends the process, because nobody can say what the other leader has done meanwhile.
 */
export class LeaderElector {
  readonly #options: ElectorOptions;
  readonly #leading = Promise.withResolvers<void>();
  readonly #lost = new AbortController();
  readonly #stopped = new AbortController();
  #observation: Observation | undefined;
  #renewedAtMs: number | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ElectorOptions) {
    this.#options = options;
  }

  /** Resolves when this one leads; never, when it never does. */
  get leading(): Promise<void> {
    return this.#leading.promise;
  }

  /** Aborts when the leader's lease has gone to another, or couldn't be renewed in time. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Throws unless this one leads at this moment, by its own monotonic clock. */
  readonly assertLeading = (): void => {
    if (!this.#lost.signal.aborted && mayStillWrite(this.#renewedAtMs, performance.now())) return;
    throw new NotLeaderError("The lease isn't held (any more): nothing is written.");
  };

  /** Competes and renews until `release` is called or the lease is lost. Never throws. */
  start(): void {
    this.#ended = this.#run();
  }

  /** Stops competing and, when leading, lets the next one in at once. Call it after all work. */
  async release(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
    clearTimeout(this.#deadline);
    const wasLeading = this.#renewedAtMs !== undefined;
    this.#renewedAtMs = undefined;
    if (wasLeading) this.#options.onChange(false);
    const observation = this.#observation;
    if (observation?.record.holder !== this.#options.identity) return;
    const { client, lease } = this.#options;
    try {
      const record = releasedRecord(observation.record, Date.now());
      await writeLease(client, lease, observation, record);
    } catch (error) {
      // Then it expires by itself; the next one waits for fifteen seconds.
      this.#options.onError(error);
    }
  }

  async #run(): Promise<void> {
    const ended = AbortSignal.any([this.#stopped.signal, this.#lost.signal]);
    while (!ended.aborted) {
      try {
        await this.#step();
      } catch (error) {
        this.#options.onError(error);
      }
      // Spread, so that candidates who began together don't collide at every try.
      const waitMs = RETRY_MS * (this.#renewedAtMs === undefined ? 1 + Math.random() / 5 : 1);
      await delay(waitMs, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  /** One look and at most one write. A leader writes without looking while nobody interferes. */
  async #step(): Promise<void> {
    const { client, lease, identity } = this.#options;
    if (this.#renewedAtMs === undefined || this.#observation === undefined) await this.#look();
    const sentAtMs = performance.now();
    const step = nextStep(this.#observation, identity, sentAtMs);
    if (step === "wait" || (step === "take" && this.#renewedAtMs !== undefined)) {
      if (this.#renewedAtMs !== undefined) this.#lose();
      return;
    }
    const record = heldRecord(this.#observation, identity, Date.now());
    const written = await writeLease(client, lease, this.#observation, record);
    if (written === undefined) {
      // Another's write, or our own whose answer was lost: the next step looks before it writes.
      this.#observation = this.#renewedAtMs === undefined ? this.#observation : undefined;
      return;
    }
    this.#observation = { ...written, seenAtMs: sentAtMs };
    this.#held(sentAtMs);
  }

  async #look(): Promise<void> {
    const found = await readLease(this.#options.client, this.#options.lease);
    this.#observation = observeLease(this.#observation, found, performance.now());
  }

  #held(sentAtMs: number): void {
    if (this.#stopped.signal.aborted || this.#lost.signal.aborted) return;
    const isNew = this.#renewedAtMs === undefined;
    this.#renewedAtMs = sentAtMs;
    clearTimeout(this.#deadline);
    const leftMs = sentAtMs + RENEW_DEADLINE_MS - performance.now();
    this.#deadline = setTimeout(() => this.#lose(), Math.max(0, leftMs));
    if (!isNew) return;
    this.#options.onChange(true);
    this.#leading.resolve();
  }

  #lose(): void {
    clearTimeout(this.#deadline);
    if (this.#lost.signal.aborted) return;
    this.#renewedAtMs = undefined;
    this.#options.onChange(false);
    this.#lost.abort();
  }
}
