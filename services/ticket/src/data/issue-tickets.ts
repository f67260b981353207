import { gathered } from "@jatra/common/database/gathered.ts";
import type { Queryable } from "@jatra/common/database/queryable.ts";
import { shareTransactions } from "@jatra/common/database/share-transactions.ts";
import { appendLeased } from "@jatra/common/outbox/append-outbox.ts";
import type { PendingMessage } from "@jatra/common/outbox/outbox-store.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { TicketIssued } from "@jatra/contracts/messages/ticket-issued.ts";
import type pg from "pg";
import { v7 as uuidV7 } from "uuid";
import type { TicketStore } from "../domain/ticket-store.ts";

/** Bookings whose tickets one transaction issues. The passenger has the seats already, so they gather for longer than a flush takes. */
const LIMITS = { itemsMax: 64, runningMax: 1, gatherMs: 25 } as const;

/**
 * The booking's row is the gate: whoever inserts it issues. It is there already after a repeat, and after a refund that was
 * faster; then nothing is inserted at all.
 */
const issueStatement = `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS given ("bookingId" uuid, "bookingVersion" integer,
      "userId" text, "journeyId" text, "train" jsonb, "from" jsonb, "to" jsonb, "currency" text,
      "passengers" json)
  ), admitted AS (
    INSERT INTO ticket_bookings (booking_id, booking_version, void)
    SELECT "bookingId", "bookingVersion", false FROM given ORDER BY "bookingId"
    ON CONFLICT (booking_id) DO NOTHING RETURNING booking_id
  )
  INSERT INTO tickets (ticket_id, booking_id, passenger_index, user_id, passenger, journey_id,
    train, from_stop, to_stop, coach, seat_id, class, fare_amount, currency)
  SELECT p."ticketId", admitted.booking_id, p."index", "userId", p."name", "journeyId",
    "train", "from", "to", p."coach", p."seatId", p."class", p."fareAmount", "currency"
  FROM admitted JOIN given ON given."bookingId" = admitted.booking_id,
    json_to_recordset(given."passengers") AS p ("ticketId" uuid, "index" smallint, "name" text,
      "coach" text, "seatId" text, "class" text, "fareAmount" bigint)
  ORDER BY admitted.booking_id, p."index"
  RETURNING ticket_id AS "ticketId"`;

/**
 * Tickets and the message about them in one transaction, which bookings that come together share; answers how many were issued. The
 * message is given to `send` after the commit.
 */
export const createIssueTickets = (
  pool: pg.Pool,
  send: (messages: readonly PendingMessage[]) => void,
): TicketStore["issue"] => {
  const inSharedTransaction = shareTransactions(pool, LIMITS);
  return async (event, requestId) => {
    const issue = issueOf(event);
    const { issued, message } = await inSharedTransaction(async (transaction) => {
      if (await insertTickets(transaction, issue)) {
        const ticketIds = issue.passengers.map(({ ticketId }) => ticketId);
        const told = messageOf({ bookingId: issue.bookingId, ticketIds }, requestId);
        return { issued: ticketIds.length, message: await appendLeased(transaction, told) };
      }
      const known = await findIssued(transaction, issue.bookingId);
      if (!known) return { issued: 0 };
      return { issued: 0, message: await appendLeased(transaction, messageOf(known, requestId)) };
    });
    if (message) send([message]);
    return issued;
  };
};

const issueOf = (event: BookingEvent) => ({
  ...event,
  passengers: event.passengers.map((passenger, index) => ({
    ...passenger,
    index,
    ticketId: uuidV7(),
  })),
});
type Issue = ReturnType<typeof issueOf>;

const messageOf = (content: TicketIssued, requestId: string) => {
  const exchange = "ticket.exchange";
  const aggregateId = content.bookingId;
  return { exchange, routingKey: "ticket.issued", content, requestId, aggregateId };
};

/** A repeat by the broker comes sooner; booking-service tells a confirmation again after half a minute without a word of tickets. */
const TOLD_AGAIN_SECONDS = 20;

/**
 * The good tickets of a booking whose confirmation is told again: the first word of them was lost on its way. `undefined` for a mere
 * repeat, and for a booking that is void.
 */
const findIssued = async (
  database: Queryable,
  bookingId: string,
): Promise<TicketIssued | undefined> => {
  const { rows } = await database.query<{ ticketId: string }>({
    name: "tickets-issued",
    text: `SELECT ticket_id AS "ticketId" FROM tickets
      WHERE booking_id = $1 AND state <> 'VOID'
        AND issued_at < now() - make_interval(secs => $2) ORDER BY passenger_index`,
    values: [bookingId, TOLD_AGAIN_SECONDS],
  });
  const ticketIds = rows.map(({ ticketId }) => ticketId);
  return ticketIds.length > 0 ? { bookingId, ticketIds } : undefined;
};

/** False where nothing was issued. An event that is there twice is two different ones: each has ids of its own. */
const insertTickets: (transaction: Queryable, issue: Issue) => Promise<boolean> = gathered(
  async (transaction, issues) => {
    const { rows } = await transaction.query<{ ticketId: string }>({
      name: "tickets-issue",
      text: issueStatement,
      values: [JSON.stringify(issues)],
    });
    const written = new Set(rows.map(({ ticketId }) => ticketId));
    return issues.map(({ passengers }) =>
      passengers.every(({ ticketId }) => written.has(ticketId)),
    );
  },
);
