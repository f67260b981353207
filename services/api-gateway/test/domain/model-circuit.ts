import type { CircuitSettings } from "../../src/domain/circuit-settings.ts";
import type { Outcome } from "../../src/domain/classify-outcome.ts";
import type { SharedWord } from "../../src/domain/shared-word.ts";

/**
 * The circuit as platform.md words it, written apart from the real one and as plainly as possible: it keeps every failure ever
 * and every change ever, has no timers and looks at the time only when it is asked.
 */
export class ModelCircuit {
  readonly told: SharedWord[] = [];
  readonly #settings: CircuitSettings;
  #nowMs = 0;
  #state: "closed" | "open" = "closed";
  #changes = 0;
  #openedAtMs = 0;
  #failedAt: { atMs: number; change: number }[] = [];
  #probe: { call: number; beganMs: number } | undefined;
  #calls: { change: number; halfOpen: boolean }[] = [];
  version = 0;

  constructor(settings: CircuitSettings) {
    this.#settings = settings;
  }

  pass(ms: number): void {
    // Second by second would do too; what matters is that no due moment is jumped over.
    const until = this.#nowMs + ms;
    for (;;) {
      const due = this.#dueMs();
      if (due === undefined || due > until) break;
      this.#nowMs = due;
      this.#probe = undefined;
      this.#turn("open");
    }
    this.#nowMs = until;
  }

  /** When the running probe's time is up, in ms from now. */
  probeEndsInMs(): number | undefined {
    const due = this.#dueMs();
    return due === undefined ? undefined : due - this.#nowMs;
  }

  begin(): number | undefined {
    const call = this.#calls.length;
    const halfOpen = this.#phase() === "half_open";
    if (this.#phase() === "open" || (halfOpen && this.#probe)) return undefined;
    if (halfOpen) this.#probe = { call, beganMs: this.#nowMs };
    this.#calls.push({ change: this.#changes, halfOpen });
    return call;
  }

  end(call: number, outcome: Outcome): void {
    const began = this.#calls[call];
    if (began?.change !== this.#changes) return;
    if (began.halfOpen !== (this.#phase() === "half_open")) return;
    if (began.halfOpen) {
      this.#probe = undefined;
      if (outcome === "success") this.#turn("closed");
      if (outcome === "failure") this.#turn("open");
    } else if (outcome === "failure") {
      this.told.push({ version: this.version, state: "closed", failure: true });
      this.#fail();
    }
  }

  hear(word: SharedWord): SharedWord | undefined {
    const rank = ({ version, state }: SharedWord): number =>
      version * 2 + (state === "open" ? 1 : 0);
    const own: SharedWord = { version: this.version, state: this.#state, failure: false };
    if (rank(word) < rank(own)) return own;
    if (rank(word) > rank(own)) this.#adopt(word.state, word.version);
    if (word.failure && this.#state === "closed") this.#fail();
    return undefined;
  }

  reset(): void {
    this.#turn("closed");
  }

  view(): { phase: string; failures: number; version: number } {
    return { phase: this.#phase(), failures: this.#recentFailures(), version: this.version };
  }

  #phase(): "closed" | "open" | "half_open" {
    if (this.#state === "closed") return "closed";
    return this.#nowMs >= this.#openedAtMs + this.#settings.openMs ? "half_open" : "open";
  }

  #fail(): void {
    this.#failedAt.push({ atMs: this.#nowMs, change: this.#changes });
    if (this.#recentFailures() >= this.#settings.failureThreshold) this.#turn("open");
  }

  #recentFailures(): number {
    return this.#failedAt.filter(
      ({ atMs, change }) =>
        change === this.#changes && this.#nowMs < atMs + this.#settings.windowMs,
    ).length;
  }

  #turn(state: "closed" | "open"): void {
    this.#adopt(state, this.version + 1);
    this.told.push({ version: this.version, state, failure: false });
  }

  #adopt(state: "closed" | "open", version: number): void {
    // An open circuit that hears of a newer opening goes on with its own pause.
    if (state === "open" && this.#phase() !== "open") this.#openedAtMs = this.#nowMs;
    this.#state = state;
    this.version = version;
    this.#changes += 1;
    this.#probe = undefined;
  }

  #dueMs(): number | undefined {
    return this.#probe && this.#probe.beganMs + this.#settings.halfOpenTimeoutMs;
  }
}
