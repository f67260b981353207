import { guardsOf, type Guard } from "./guard.ts";

/** A guard that a service's first migration declares, and the test of its tables that then fails. */
const schemaGuard =
  (service: string, migration: string, tables = "constraints") =>
  (guard: string, find: string, replace: string, title: string): readonly Guard[] => {
    const file = `migrations/${migration}.sql`;
    return guardsOf(service, [
      { guard, file, find, replace, test: `data/${tables}.test.ts`, title },
    ]);
  };

const booking = schemaGuard("booking", "000001_bookings");
const history = schemaGuard("booking", "000001_bookings", "booking-table");
const payment = schemaGuard("payment", "000001_payments");
const refundSteps = schemaGuard("payment", "000001_payments", "transitions");
const books = schemaGuard("payment-simulator", "000001_ledger");
const ticket = schemaGuard("ticket", "000001_tickets");
const seat = schemaGuard("seat-reservation", "000001_locks-and-claims");

/** Takes the place of a table's last line, which has a comma before it. */
const NOTHING = "CHECK (true)";
const KEY_OF_ANSWERS = "PRIMARY KEY (user_id, operation, origin, key)";
const ONE_ANSWER = "one answer a key of a user";

/** The condition of a trigger that looks at each change of state, and of one that looks at none. */
const CHANGED = "\n  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)";
const NEVER = "\n  FOR EACH ROW WHEN (false)";

export const schemaGuards: readonly Guard[] = [
  booking(
    "unique lock",
    "lock_id uuid NOT NULL UNIQUE",
    "lock_id uuid NOT NULL",
    "one booking a lock",
  ),
  booking(
    "unique payment of a booking",
    "payment_id uuid UNIQUE",
    "payment_id uuid",
    "one booking a payment",
  ),
  booking(
    "a booking is complete",
    "CONSTRAINT bookings_complete CHECK (\n    status = 'ABANDONED' OR",
    "CONSTRAINT bookings_complete CHECK (\n    true OR",
    "that isn't a tombstone lacks nothing",
  ),
  booking(
    "one passenger a place",
    "PRIMARY KEY (booking_id, position)",
    NOTHING,
    "one passenger a place",
  ),
  booking("one passenger a seat", "UNIQUE (booking_id, seat_id)", NOTHING, "one passenger a seat"),
  booking(
    "one line of history a version",
    "PRIMARY KEY (booking_id, version)",
    NOTHING,
    "one line of history",
  ),
  booking(
    "unique refund of a booking",
    "booking_id uuid NOT NULL UNIQUE",
    "booking_id uuid NOT NULL",
    "one refund a booking, of whichever",
  ),
  booking(
    "unique refund of a payment",
    "payment_id uuid NOT NULL UNIQUE",
    "payment_id uuid NOT NULL",
    "one refund a payment, of whichever",
  ),
  booking(
    "key of booking's inbox",
    "PRIMARY KEY (queue, message_id)",
    NOTHING,
    "a message once a queue",
  ),
  booking("key of booking's answers", KEY_OF_ANSWERS, NOTHING, ONE_ANSWER),
  history(
    "history begins by itself",
    "CREATE TRIGGER bookings_begin AFTER INSERT",
    "CREATE TRIGGER bookings_begin AFTER DELETE",
    "write the history by themselves",
  ),
  history(
    "history grows by itself",
    "CREATE TRIGGER bookings_change AFTER UPDATE OF status ON bookings\n  FOR EACH ROW WHEN (OLD.status <> NEW.status)",
    "CREATE TRIGGER bookings_change AFTER UPDATE OF status ON bookings\n  FOR EACH ROW WHEN (false)",
    "write the history by themselves",
  ),
  payment(
    "unique booking of a payment",
    "booking_id uuid UNIQUE",
    "booking_id uuid",
    "one payment a booking",
  ),
  payment(
    "only a tombstone lacks its intent",
    "CONSTRAINT only_tombstones_lack_an_intent CHECK (\n    state = 'CLOSED'",
    "CONSTRAINT only_tombstones_lack_an_intent CHECK (\n    true",
    "only a tombstone lacks its intent",
  ),
  payment(
    "a capture names its charge",
    "CONSTRAINT captured_names_its_charge CHECK (state <> 'CAPTURED' OR",
    "CONSTRAINT captured_names_its_charge CHECK (true OR",
    "a capture names the provider's charge",
  ),
  payment(
    "a try's number",
    "PRIMARY KEY (payment_id, number)",
    NOTHING,
    "a try's number once a payment",
  ),
  payment(
    "unique refund of a booking, where it is paid out",
    "booking_id uuid NOT NULL UNIQUE",
    "booking_id uuid NOT NULL",
    "one refund a booking",
  ),
  payment(
    "one finding an entry",
    "PRIMARY KEY (provider, entry_id)",
    NOTHING,
    "one finding an entry",
  ),
  payment("key of payment's answers", KEY_OF_ANSWERS, NOTHING, ONE_ANSWER),
  refundSteps(
    "legal steps of a refund, in the database",
    `CREATE TRIGGER refund_transitions BEFORE UPDATE OF state ON refunds${CHANGED}`,
    `CREATE TRIGGER refund_transitions BEFORE UPDATE OF state ON refunds${NEVER}`,
    "allow the refund's transitions",
  ),
  books(
    "one entry a name, in the provider's books",
    "id text NOT NULL UNIQUE",
    "id text NOT NULL",
    "one entry a name",
  ),
  books(
    "one charge a key, in the provider's books",
    "CREATE UNIQUE INDEX entries_once_a_key",
    "CREATE INDEX entries_once_a_key",
    "one charge a key, whatever",
  ),
  books(
    "one session a validation",
    "val_id text UNIQUE",
    "val_id text",
    "one session a validation",
  ),
  books(
    "one session a bank's transaction",
    "bank_tran_id text UNIQUE",
    "bank_tran_id text",
    "one session a transaction",
  ),
  ticket(
    "one ticket a passenger",
    "CONSTRAINT tickets_one_a_passenger UNIQUE (booking_id, passenger_index)",
    NOTHING,
    "one ticket a passenger of a booking",
  ),
  ticket(
    "one ticket a number",
    "serial bigint GENERATED ALWAYS AS IDENTITY UNIQUE",
    "serial bigint GENERATED ALWAYS AS IDENTITY",
    "one ticket a number",
  ),
  seat(
    "legal steps of a lock, in the database",
    `CREATE TRIGGER locks_legal_steps BEFORE UPDATE OF state ON locks${CHANGED}`,
    `CREATE TRIGGER locks_legal_steps BEFORE UPDATE OF state ON locks${NEVER}`,
    "an ended lock stays ended",
  ),
  seat("key of seat-reservation's answers", KEY_OF_ANSWERS, NOTHING, ONE_ANSWER),
].flat();
