import { setTimeout as delay } from "node:timers/promises";

/**
 * Limits the rate of calls: `burst` at once, then `perSecond`. Waiting callers are served in
 * order, because each takes its place in time before it sleeps.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  /** When the bucket would be full again, in milliseconds. */
  #fullAt = 0;

  constructor(perSecond: number, burst: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
  }

  /** Milliseconds the caller has to wait for its token, which is taken already. */
  reserve(): number {
    const now = this.#now();
    this.#fullAt = Math.max(this.#fullAt, now) + 1000 / this.#perSecond;
    return Math.max(0, this.#fullAt - now - (this.#burst * 1000) / this.#perSecond);
  }

  async take(signal: AbortSignal): Promise<void> {
    const waitMs = this.reserve();
    if (waitMs > 0) await delay(waitMs, undefined, { signal });
  }
}
