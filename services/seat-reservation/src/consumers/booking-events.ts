import type { ConsumeOptions } from "@jatra/common/messaging/connection.ts";
import { bookingEventSchema } from "@jatra/contracts/messages/booking-event.ts";
import type { QueueName } from "@jatra/contracts/topology.ts";
import { applyBookingsWord, outcomeOf, type SaleStore } from "../domain/apply-bookings-word.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";
import type { SeatMetrics } from "../seat-metrics.ts";

const queue: QueueName = "seat.booking-events.queue";
/** Sales are written in batches, so most of them only wait for company. */
const PREFETCH = 256;

/** Ends of payments. No inbox: each change is conditional, so a repeat changes nothing. */
export const bookingEvents = (dependencies: {
  readonly sales: SaleStore;
  readonly markers: SeatMarkers;
  readonly seatMetrics: SeatMetrics;
}): ConsumeOptions => {
  const { sales, markers, seatMetrics } = dependencies;
  const onForeignSale = (): void => seatMetrics.violations.inc({ invariant: "I7" });
  return {
    queue,
    prefetch: PREFETCH,
    handle: async (message) => {
      const event = bookingEventSchema.parse(message.content);
      await applyBookingsWord({ sales, markers, onForeignSale }, outcomeOf(event.type), event);
    },
  };
};
