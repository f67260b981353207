import type { QueueName } from "@jatra/contracts/topology.ts";
import type { ServiceName } from "../platform/service-table.ts";
import type { CallPoint, CrashPoint, PostgresPoint, RabbitPoint } from "./crash-point.ts";

/** One step of the protocol, met on both of its sides. */
export type CrashStep = { readonly name: string; readonly points: readonly CrashPoint[] };

type Place =
  | { readonly postgres: PostgresPoint }
  | { readonly rabbit: RabbitPoint }
  | { readonly call: CallPoint };

const step = (victim: ServiceName, name: string, place: Place): CrashStep => ({
  name: `${victim}, before and after ${name}`,
  points: [
    { victim, side: "before", ...place },
    { victim, side: "after", ...place },
  ],
});

const statement = (name: string): Place => ({ postgres: { statement: name } });
const commitWith = (name: string): Place => ({ postgres: { statement: name, commit: true } });
const message = (routingKey: string): Place => ({ rabbit: { publish: routingKey } });
const ackOf = (queue: QueueName): Place => ({ rabbit: { ack: queue } });
const call = (callee: ServiceName, request: RegExp): Place => ({ call: { callee, request } });

/** Hold, book, pay, confirm and give back, in the order of the protocol. */
export const crashSteps: readonly CrashStep[] = [
  step("seat-reservation", "the claim (Redis has marked)", statement("holds-insert")),
  step("seat-reservation", "the claim's commit", commitWith("holds-insert")),
  step("seat-reservation", "HELD to PAYING", statement("lock-pay")),
  step(
    "booking",
    "asking for PAYING",
    call("seat-reservation", /^POST \/internal\/locks\/\S+\/pay /),
  ),
  step("booking", "its commit", commitWith("booking-insert")),
  step("booking", "the publish of payment.process", message("payment.process")),
  step("booking", "marking it as published", statement("outbox-published")),
  step("booking", "the claim of a payment", statement("booking-begin-payment")),
  step("booking", "handing the payment over", call("payment", /^PUT \/internal\/payments\//)),
  step("booking", "the worker's ack", ackOf("payment.processing.queue")),
  step("payment", "recording the intent", statement("payments-insert")),
  step("payment", "SENT", statement("payment-lease-new")),
  step("payment", "the charge", call("payment-simulator", /^POST \/v1\/charges /)),
  step("payment", "the capture's commit", commitWith("payment-settle")),
  step("payment", "the publish of payment.captured", message("payment.captured")),
  step("booking", "the end's commit", commitWith("booking-change")),
  step("booking", "the ack of a payment's event", ackOf("booking.payment-events.queue")),
  step("booking", "the publish of booking.confirmed", message("booking.confirmed")),
  step("seat-reservation", "the sale", statement("lock-sell")),
  step("seat-reservation", "the sale's ack", ackOf("seat.booking-events.queue")),
  step("ticket", "the issue's commit", commitWith("tickets-issue")),
  step("ticket", "the issue's ack", ackOf("ticket.booking-events.queue")),
  step("ticket", "the publish of ticket.issued", message("ticket.issued")),
  step("booking", "the note of tickets", statement("booking-tickets")),
  step("booking", "asking for a refund", call("payment", /^PUT \/internal\/refunds\//)),
  step("payment", "the refund at the provider", call("payment-simulator", /^POST \/v1\/refunds /)),
  step("payment", "the publish of payment.refunded", message("payment.refunded")),
];
