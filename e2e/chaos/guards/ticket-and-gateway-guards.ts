import { guardsOf, type Guard } from "./guard.ts";

export const ticketAndGatewayGuards: readonly Guard[] = [
  ...guardsOf("ticket", [
    {
      guard: "no ticket after the refund",
      file: "src/data/issue-tickets.ts",
      find: "ON CONFLICT (booking_id) DO NOTHING RETURNING booking_id",
      replace:
        "ON CONFLICT (booking_id) DO UPDATE SET void = ticket_bookings.void RETURNING booking_id",
      test: "integration/booking-events.test.ts",
      title: "never make a valid ticket when the refund came first",
    },
    {
      guard: "tickets are told of again when nobody has heard of them",
      file: "src/data/issue-tickets.ts",
      find: "if (!known) return { issued: 0 };",
      replace: "if (known || !known) return { issued: 0 };",
      test: "integration/booking-events.test.ts",
      title: "tell of the tickets again when",
    },
    {
      guard: "legal steps of a ticket, in the database",
      file: "migrations/000001_tickets.sql",
      find: "CREATE TRIGGER tickets_legal_steps BEFORE UPDATE OF state ON tickets\n  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)",
      replace:
        "CREATE TRIGGER tickets_legal_steps BEFORE UPDATE OF state ON tickets\n  FOR EACH ROW WHEN (false)",
      test: "integration/booking-events.test.ts",
      title: "void a used ticket too, and the database refuses",
    },
    {
      guard: "a ticket admits once",
      file: "src/data/ticket-store.ts",
      find: "WHERE ticket_id = $1 AND state = 'VALID' RETURNING",
      replace: "WHERE ticket_id = $1 AND state <> 'VOID' RETURNING",
      test: "integration/ticket-api.test.ts",
      title: "admits once among many at the same moment",
    },
  ]),
  ...guardsOf("api-gateway", [
    {
      guard: "half open lets one probe through",
      file: "src/domain/circuit.ts",
      find: 'if (phase === "open" || this.#probe !== undefined) return REFUSED;',
      replace: 'if (phase === "open") return REFUSED;',
      test: "domain/circuit.test.ts",
      title: "lets one probe through after 30 seconds",
    },
    {
      guard: "late results don't move the breaker",
      file: "src/domain/circuit.ts",
      find: "if (permit !== this.#generation) return;",
      replace: "if (permit === REFUSED) return;",
      test: "domain/circuit.test.ts",
      title: "lets no result from before a change move it",
    },
    {
      guard: "a known signature is no other token's",
      file: "src/identity/passports.ts",
      find: "if (!entry || entry.authorization !== authorization) return undefined;",
      replace: "if (!entry) return undefined;",
      test: "integration/tokens.test.ts",
      title: "takes a signature that it knows for no other claims",
    },
    {
      guard: "the gateway lets go of connections first",
      file: "src/proxy/upstreams.ts",
      find: "idleMs: IDLE_CONNECTION_MS,",
      replace: "idleMs: 60_000,",
      test: "integration/proxy.test.ts",
      title: "lets go of an idle connection",
    },
    {
      guard: "a connection that was just closed isn't used",
      file: "src/proxy/service-pool.ts",
      find: "setImmediate(this.#flush);",
      replace: "queueMicrotask(this.#flush);",
      test: "integration/service-pool.test.ts",
      title: "aren't used again once the service has closed them",
    },
    {
      guard: "a call that is over can't reach its connection",
      file: "src/proxy/service-call.ts",
      find: "    this.#carrier = undefined;\n    return true;",
      replace: "    return true;",
      test: "integration/service-pool.test.ts",
      title: "are deaf to a call that is over",
    },
  ]),
];
