import type { LedgerEntry } from "@jatra/contracts/http/payment-simulator.ts";
import { deadLetterQueueOf, queues, type QueueName } from "@jatra/contracts/topology.ts";
import type pg from "pg";
import { z } from "zod";
import type { SalePlatform } from "../platform/sale-platform.ts";
import type { ServiceName } from "../platform/service-table.ts";
import { bookingQueries, paymentQueries, seatQueries, ticketQueries } from "./queries.ts";
import type { Snapshot } from "./snapshot.ts";

const withOutbox = ["schedule", "seat-reservation", "booking", "payment", "ticket"] as const;
const deadLetterSchema = z.array(z.object({ name: z.string(), messages: z.int().optional() }));

/** Reads everything, past the links that a fault may have cut. Rows of different databases are moments apart. */
export const readSnapshot = async (platform: SalePlatform): Promise<Snapshot> => {
  const of = <Row extends pg.QueryResultRow>(name: ServiceName, text: string) =>
    rowsOf<Row>(platform.databases[name].pool, text);
  const [clock] = await of<{ at: Date }>("booking", "SELECT now() AS at");
  return {
    at: clock?.at ?? new Date(),
    locks: await of("seat-reservation", seatQueries.locks),
    claims: await of("seat-reservation", seatQueries.claims),
    bookings: await of("booking", bookingQueries.bookings),
    bookingRefunds: await of("booking", bookingQueries.refunds),
    payments: await of("payment", paymentQueries.payments),
    paymentRefunds: await of("payment", paymentQueries.refunds),
    tickets: await of("ticket", ticketQueries.tickets),
    ledger: await readLedger(platform),
    journal: [...platform.journal.entries],
    unpublished: await readUnpublished(platform),
    deadLetters: await readDeadLetters(platform),
  };
};

const rowsOf = async <Row extends pg.QueryResultRow>(pool: pg.Pool, text: string): Promise<Row[]> =>
  (await pool.query<Row>(text)).rows;

/** Straight from the provider's books, so that a page's limit and a killed provider change nothing. */
const readLedger = async ({ databases }: SalePlatform): Promise<LedgerEntry[]> =>
  rowsOf<LedgerEntry>(
    databases["payment-simulator"].pool,
    `SELECT sequence, kind, id, reference, charge_reference AS "chargeReference", status, amount,
       currency, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
     FROM entries ORDER BY sequence`,
  );

const readUnpublished = async ({ databases }: SalePlatform): Promise<Snapshot["unpublished"]> =>
  Promise.all(
    withOutbox.map(async (database) => {
      const [row] = await rowsOf<{ count: number }>(
        databases[database].pool,
        "SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL",
      );
      return { database, count: row?.count ?? 0 };
    }),
  );

const readDeadLetters = async ({ vhost }: SalePlatform): Promise<Snapshot["deadLetters"]> => {
  const found = deadLetterSchema.parse(await vhost.manage("GET", "/queues/{vhost}"));
  const names = new Set(Object.keys(queues).map((name) => deadLetterQueueOf(name as QueueName)));
  return found
    .filter(({ name }) => names.has(name))
    .map(({ name, messages }) => ({ queue: name, count: messages ?? 0 }));
};
