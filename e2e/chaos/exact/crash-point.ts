import type { QueueName } from "@jatra/contracts/topology.ts";
import type { ServiceName } from "../platform/service-table.ts";

/** A statement of the victim's own database, by its name; `commit`: the COMMIT of the transaction that it is in. */
export type PostgresPoint = { readonly statement: string; readonly commit?: true };
/** A message by its routing key, or the acknowledgement of one by the queue that it came from. */
export type RabbitPoint = { readonly publish: string } | { readonly ack: QueueName };
/** A request to another service, by the start of its first line. */
export type CallPoint = { readonly callee: ServiceName; readonly request: RegExp };

/**
 * A point of the protocol as it shows on the wire. `before`: what the victim has just sent never arrives. `after`: it has arrived
 * and had its effect, and the victim never hears of it.
 */
export type CrashPoint = {
  readonly victim: ServiceName;
  readonly side: "before" | "after";
} & (
  | { readonly postgres: PostgresPoint }
  | { readonly rabbit: RabbitPoint }
  | { readonly call: CallPoint }
);
