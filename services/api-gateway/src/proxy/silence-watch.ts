/** Somebody who waits for a service to say something. */
export type Waiting = {
  /** When the service was last heard, or asked; infinity while nothing is expected of it. */
  readonly heardMs: number;
  readonly onSilence: () => void;
};

/** So many looks within the patience: whoever is given up is given up at most that part of it too late. */
const LOOKS = 20;

/** Gives up services that say nothing for too long. One timer looks at all: one for each would be made and cleared with every request. */
export class SilenceWatch {
  readonly #patienceMs: number;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#timer ??= setInterval(() => this.#look(), this.#patienceMs / LOOKS).unref();
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #look(): void {
    const beforeMs = performance.now() - this.#patienceMs;
    for (const waiting of this.#waiting) {
      if (waiting.heardMs < beforeMs) waiting.onSilence();
    }
    if (this.#waiting.size > 0) return;
    // Nobody waits: no timer either.
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
