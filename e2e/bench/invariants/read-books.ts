import type { BenchPlatform } from "../platform/start-platform.ts";

export type Books = {
  readonly bookings: readonly {
    readonly bookingId: string;
    readonly lockId: string;
    readonly paymentId: string;
    readonly status: string;
    readonly amount: number;
    readonly passengers: number;
  }[];
  /** By lock id: claims that its seats and legs ask for, and how many are SOLD. */
  readonly locks: ReadonlyMap<
    string,
    { readonly state: string; readonly wanted: number; readonly sold: number }
  >;
  /** Tickets that are not void, by booking. */
  readonly tickets: ReadonlyMap<string, number>;
  /** Charges captured and not refunded, and their sum, by payment, from the provider's own ledger. */
  readonly capturesKept: ReadonlyMap<string, number>;
  readonly amountsKept: ReadonlyMap<string, number>;
  readonly doubleClaims: number;
  readonly overdueHolds: number;
  readonly partialLocks: number;
};

/** Reads what every service and the provider wrote down, each from its own database. */
export const readBooks = async (platform: BenchPlatform): Promise<Books> => {
  const query = async <T extends object>(service: string, text: string): Promise<T[]> =>
    (await platform.database(service).pool.query<T>(text)).rows;
  const count = async (service: string, text: string): Promise<number> =>
    (await query<{ n: number }>(service, text))[0]?.n ?? 0;
  const locks = await query<{ lockId: string; state: string; wanted: number; sold: number }>(
    "seat-reservation",
    lockStatement,
  );
  const tickets = await query<{ bookingId: string; n: number }>("ticket", ticketStatement);
  const charges = await query<{ paymentId: string; n: number; amount: number }>(
    "payment-simulator",
    chargeStatement,
  );
  return {
    bookings: await query("booking", bookingStatement),
    locks: new Map(locks.map((lock) => [lock.lockId, lock])),
    tickets: new Map(tickets.map(({ bookingId, n }) => [bookingId, n])),
    capturesKept: new Map(charges.map(({ paymentId, n }) => [paymentId, n])),
    amountsKept: new Map(charges.map(({ paymentId, amount }) => [paymentId, amount])),
    doubleClaims: await count("seat-reservation", doubleClaimStatement),
    overdueHolds: await count("seat-reservation", overdueStatement),
    partialLocks: await count("seat-reservation", partialStatement),
  };
};

const bookingStatement = `
  SELECT booking_id AS "bookingId", lock_id AS "lockId", payment_id AS "paymentId", status, amount,
    (SELECT count(*) FROM passengers p WHERE p.booking_id = b.booking_id)::int AS passengers
  FROM bookings b WHERE status <> 'ABANDONED'`;

const lockStatement = `
  SELECT l.lock_id AS "lockId", l.state, cardinality(l.seat_ids) * (l.to_seq - l.from_seq) AS wanted,
    coalesce(c.sold, 0)::int AS sold
  FROM locks l LEFT JOIN (
    SELECT lock_id, count(*) FILTER (WHERE state = 'SOLD') AS sold FROM claims GROUP BY lock_id
  ) c USING (lock_id)`;

const ticketStatement = `
  SELECT booking_id AS "bookingId", count(*)::int AS n FROM tickets WHERE state <> 'VOID'
  GROUP BY booking_id`;

const chargeStatement = `
  SELECT c.reference AS "paymentId", count(*)::int AS n, sum(c.amount)::int AS amount
  FROM entries c
  WHERE c.kind = 'charge' AND c.status = 'captured' AND NOT EXISTS (
    SELECT FROM entries r
    WHERE r.kind = 'refund' AND r.status = 'done' AND r.charge_reference = c.reference)
  GROUP BY c.reference`;

const doubleClaimStatement = `
  SELECT count(*) AS n FROM (
    SELECT FROM claims GROUP BY journey_id, seat_id, leg HAVING count(*) > 1) AS doubles`;

const overdueStatement = `
  SELECT count(*) AS n FROM locks WHERE state = 'HELD' AND expires_at < now() - interval '10 seconds'`;

const partialStatement = `
  SELECT count(*) AS n FROM locks l LEFT JOIN (
    SELECT lock_id, count(*) AS n FROM claims GROUP BY lock_id) c USING (lock_id)
  WHERE l.state IN ('HELD', 'PAYING', 'SOLD')
    AND coalesce(c.n, 0) <> cardinality(l.seat_ids) * (l.to_seq - l.from_seq)`;
