import type { QueueName } from "@jatra/contracts/topology.ts";
import { declareTopology } from "@jatra/testing/test-vhost.ts";
import { again } from "./again.ts";
import type { Fault } from "./fault.ts";
import { pause } from "./pause.ts";

/** As long as the operator takes to notice, or a person to be sorry. */
const AWAY_MS = 1_000;
/** In turns, so that each is away for a good part of the sale. */
const victims: readonly QueueName[] = [
  "seat.booking-events.queue",
  "ticket.booking-events.queue",
  "booking.ticket-events.queue",
  "booking.payment-events.queue",
  "payment.processing.queue",
];

/**
 * Queues vanish with all that they hold, confirmed messages and ones in consumers' hands, and are made anew a moment later. Consumers
 * are cancelled without their connection breaking; what is published meanwhile reaches the other queues only.
 */
export const deleteQueues: Fault = {
  name: "RabbitMQ's queues deleted with what they hold, and made anew",
  inject: async ({ vhost }, signal) => {
    let next = 0;
    return again(signal, [50, 300], async () => {
      const name = victims[next % victims.length] ?? "payment.processing.queue";
      next += 1;
      await vhost.manage("DELETE", `/queues/{vhost}/${name}`);
      await pause(AWAY_MS, signal);
      await declareTopology({ vhost: vhost.name });
    });
  },
};
