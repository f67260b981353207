import type { CircuitSettings } from "./circuit-settings.ts";
import type { Outcome } from "./classify-outcome.ts";
import { createFailureWindow, type FailureWindow } from "./failure-window.ts";
import { outranks, type SharedState, type SharedWord } from "./shared-word.ts";

export type Phase = "closed" | "open" | "half_open";

/** Where the circuit's state lives (opossum): it turns from open to half open by itself. */
export type PhaseHolder = {
  readonly current: () => Phase;
  readonly open: () => void;
  readonly close: () => void;
  /** Called once for each change, after it happened. */
  readonly onChange: (listener: (phase: Phase) => void) => void;
};

/** A call that was let through: the generation it began in. Results of an earlier generation change nothing. */
export type Permit = number;
export const REFUSED = -1;

export type CircuitView = {
  readonly phase: Phase;
  readonly failures: number;
  readonly version: number;
  readonly probeInMs: number;
};

export type CircuitDependencies = {
  readonly settings: CircuitSettings;
  readonly phase: PhaseHolder;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Tells the other pods. */
  readonly tell: (word: SharedWord) => void;
};

/**
 * One service's circuit in one pod: opossum holds the state, this counts beside it (opossum's own threshold is a percentage
 * of all calls, takes late results into account and lets an excluded error close it).
 *
 * Pods agree through `version`: each deliberate change raises it, the higher one counts, and of two changes with one version
 * the opening wins, so every order of delivery ends the same everywhere. Half open is each pod's own affair.
 */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #phase: PhaseHolder;
  readonly #now: () => number;
  readonly #tell: (word: SharedWord) => void;
  readonly #failures: FailureWindow;
  #generation = 0;
  #version = 0;
  #openedAtMs = 0;
  #probe: NodeJS.Timeout | undefined;

  constructor({ settings, phase, now, tell }: CircuitDependencies) {
    this.#settings = settings;
    this.#phase = phase;
    this.#now = now;
    this.#tell = tell;
    this.#failures = createFailureWindow(settings.failureThreshold, settings.windowMs);
    phase.onChange((to) => {
      this.#begin();
      if (to === "open") this.#openedAtMs = now();
    });
  }

  /** A permit, or `REFUSED`. Each permit is settled once. */
  admit(): Permit {
    const phase = this.#phase.current();
    if (phase === "closed") return this.#generation;
    if (phase === "open" || this.#probe !== undefined) return REFUSED;
    const permit = this.#generation;
    this.#probe = setTimeout(() => {
      if (permit === this.#generation) this.#decide("open");
    }, this.#settings.halfOpenTimeoutMs);
    this.#probe.unref();
    return permit;
  }

  settle(permit: Permit, outcome: Outcome): void {
    if (permit !== this.#generation) return;
    if (this.#phase.current() === "half_open") {
      clearTimeout(this.#probe);
      this.#probe = undefined;
      if (outcome !== "neither") this.#decide(outcome === "success" ? "closed" : "open");
      return;
    }
    if (outcome !== "failure") return;
    this.#tell({ version: this.#version, state: "closed", failure: true });
    this.#countFailure();
  }

  /** What another pod says. Answers what that pod doesn't know yet, if anything. */
  hear(heard: SharedWord): SharedWord | undefined {
    const own = this.#word();
    if (outranks(heard, own)) this.#become(heard.state, heard.version);
    else if (outranks(own, heard)) return own;
    if (heard.failure && this.#phase.current() === "closed") this.#countFailure();
    return undefined;
  }

  /** Closes by a person's will, and forgets the failures. */
  reset(): void {
    this.#decide("closed");
  }

  /** Whole seconds until a try makes sense, at least 1. */
  retryAfterSeconds(): number {
    return Math.max(1, Math.ceil(this.#untilProbeMs() / 1000));
  }

  view(): CircuitView {
    return {
      phase: this.#phase.current(),
      failures: this.#failures.count(this.#now()),
      version: this.#version,
      probeInMs: Math.ceil(this.#untilProbeMs()),
    };
  }

  #untilProbeMs(): number {
    if (this.#phase.current() !== "open") return 0;
    return Math.max(0, this.#openedAtMs + this.#settings.openMs - this.#now());
  }

  #word(): SharedWord {
    const state = this.#phase.current() === "closed" ? "closed" : "open";
    return { version: this.#version, state, failure: false };
  }

  #countFailure(): void {
    if (this.#failures.add(this.#now())) this.#decide("open");
  }

  #decide(state: SharedState): void {
    this.#become(state, this.#version + 1);
    this.#tell(this.#word());
  }

  #become(state: SharedState, version: number): void {
    this.#version = version;
    // Already there: a new generation all the same, since what began before the change is void.
    if (this.#phase.current() === state) this.#begin();
    else if (state === "open") this.#phase.open();
    else this.#phase.close();
  }

  #begin(): void {
    this.#generation += 1;
    this.#failures.clear();
    clearTimeout(this.#probe);
    this.#probe = undefined;
  }
}
