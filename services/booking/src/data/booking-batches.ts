import { createBatches } from "@jatra/common/service/create-batches.ts";
import type pg from "pg";
import type { BookingStore } from "../domain/stores.ts";
import { beginPayments } from "./booking-steps.ts";
import { createBookingStore } from "./booking-store.ts";

/** Payments that begin: each is a call to payment-service afterwards. */
const BEGINNING = { itemsMax: 64, runningMax: 2, gatherMs: 10 } as const;
/** Nobody waits for the note of a ticket's id. */
const TICKETS = { itemsMax: 128, runningMax: 1, gatherMs: 50 } as const;

/** Steps that are a transaction by themselves, written together where they come together. */
export const createBookingBatches = (
  pool: pg.Pool,
): Pick<BookingStore, "beginPayment" | "setTickets"> => {
  const bookings = createBookingStore(pool);
  const begin = createBatches(
    (bookingIds: readonly string[]) => beginPayments(pool, bookingIds),
    BEGINNING,
  );
  const note = createBatches(
    (issued: readonly { bookingId: string; ticketIds: readonly string[] }[]) =>
      Promise.all(
        issued.map(({ bookingId, ticketIds }) => bookings.setTickets(bookingId, ticketIds)),
      ),
    TICKETS,
  );
  return {
    beginPayment: begin,
    setTickets: (bookingId, ticketIds) => note({ bookingId, ticketIds }),
  };
};
