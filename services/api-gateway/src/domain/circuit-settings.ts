/** Settings of one circuit, from `spec.gateway.circuitBreaker` (with the service's override). */
export type CircuitSettings = {
  /** So many failures within the window open the circuit. */
  readonly failureThreshold: number;
  /** The window slides: a failure counts for exactly so long. */
  readonly windowMs: number;
  /** How long an open circuit fails fast before it lets a probe through. */
  readonly openMs: number;
  /** A probe without an answer by then has failed. */
  readonly halfOpenTimeoutMs: number;
};
