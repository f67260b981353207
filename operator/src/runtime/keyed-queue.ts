import { backoffMs } from "./backoff.ts";

export interface QueueOptions {
  /** Works on a key. Returns after how long to come again at the latest; throws to be retried. */
  readonly work: (key: string) => Promise<{ readonly againMs: number | undefined }>;
  readonly onError: (key: string, error: unknown) => void;
  readonly observe: QueueObserver;
  /** Keys worked on at once. */
  readonly concurrency: number;
}

/** For the metrics; controller-runtime's names. */
export interface QueueObserver {
  readonly depth: (length: number) => void;
  readonly added: () => void;
  readonly retried: () => void;
  readonly waited: (seconds: number) => void;
  readonly worked: (seconds: number) => void;
}

/** Events come in swarms (a Job ends, its pod changes thrice): one run covers them all. */
const GATHER_MS = 100;
const RETRY_FIRST_MS = 250;
/** A broken platform is looked at once a minute; the others aren't held up. */
const RETRY_MAX_MS = 60_000;

/**
 * A queue of keys: a key waits at most once, is worked on by one run at a time, and comes back
 * after a failure with growing distance, or after the time its work asked for.
 */
export class KeyedQueue {
  readonly #options: QueueOptions;
  readonly #waiting = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #dueAt = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  #stopped = false;
  #idle: (() => void) | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Asks for a run of the key soon. While it runs, one more run is remembered. */
  add(key: string): void {
    this.#schedule(key, GATHER_MS);
  }

  /** Forgets a key whose object is gone. */
  forget(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#failures.delete(key);
  }

  /** Takes no more keys; resolves when the running ones are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    if (this.#running.size > 0) await new Promise<void>((done) => (this.#idle = done));
  }

  #schedule(key: string, afterMs: number): void {
    if (this.#stopped) return;
    const dueAt = performance.now() + afterMs;
    const pending = this.#timers.get(key);
    if (pending !== undefined && (this.#dueAt.get(key) ?? 0) <= dueAt) return;
    clearTimeout(pending);
    this.#dueAt.set(key, dueAt);
    this.#timers.set(
      key,
      setTimeout(() => this.#due(key), afterMs),
    );
  }

  #due(key: string): void {
    this.#timers.delete(key);
    if (this.#running.has(key)) {
      this.#dirty.add(key);
      return;
    }
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, performance.now());
      this.#options.observe.added();
    }
    this.#next();
  }

  #next(): void {
    this.#options.observe.depth(this.#waiting.size);
    if (this.#stopped || this.#running.size >= this.#options.concurrency) return;
    const first = this.#waiting.entries().next();
    if (first.done === true) return;
    const [key, since] = first.value;
    this.#waiting.delete(key);
    this.#running.add(key);
    this.#options.observe.waited((performance.now() - since) / 1000);
    void this.#run(key);
    this.#next();
  }

  async #run(key: string): Promise<void> {
    const startedAt = performance.now();
    let againMs: number | undefined;
    try {
      ({ againMs } = await this.#options.work(key));
      this.#failures.delete(key);
    } catch (error) {
      this.#options.onError(key, error);
      this.#options.observe.retried();
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      againMs = backoffMs(failures, RETRY_FIRST_MS, RETRY_MAX_MS);
    }
    this.#options.observe.worked((performance.now() - startedAt) / 1000);
    this.#running.delete(key);
    if (this.#dirty.delete(key)) againMs = GATHER_MS;
    if (againMs !== undefined) this.#schedule(key, againMs);
    if (this.#stopped && this.#running.size === 0) this.#idle?.();
    this.#next();
  }
}
