import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { TicketStore } from "./ticket-store.ts";

export type Applied = { readonly kind: "issued" | "voided"; readonly tickets: number };

/**
 * Issues tickets for a confirmed booking, voids those of one that ended otherwise. Void is final, a confirmation comes
 * once in a booking's life: so repeats and any order end the same.
 */
export const applyBookingEvent = async (
  tickets: Pick<TicketStore, "issue" | "void">,
  event: BookingEvent,
  requestId: string,
): Promise<Applied> => {
  if (event.type === "booking.confirmed") {
    return { kind: "issued", tickets: await tickets.issue(event, requestId) };
  }
  return { kind: "voided", tickets: await tickets.void(event) };
};
