/** A call to a provider ends by then; `slow` ones take 3 s. */
export const CHARGE_TIMEOUT_MS = 5_000;
/** Questions are cheap for a provider; closing waits for one, and its caller waits 5 s. */
export const QUERY_TIMEOUT_MS = 3_000;
/** Above the call plus the writing of its result: while a lease runs, nobody else acts on the payment. */
export const LEASE_MS = 15_000;
/**
 * A request that we gave up waiting for may still reach the provider. Only this long after it was sent does «there is no
 * such charge» end a payment; should a charge appear even later, it is captured then and booking gives it back.
 */
export const IN_FLIGHT_MS = 15_000;
/** Pauses between tries: 1, 2, 4, 8, then 15 s: four tries end well within the 60 s that I3 allows. */
export const retryPauseMs = (attempts: number): number =>
  Math.min(1_000 * 2 ** Math.max(0, attempts - 1), 15_000);
/** A payer on the provider's page takes a minute or so; the IPN normally comes first. */
export const PAGE_POLL_MS = 15_000;
