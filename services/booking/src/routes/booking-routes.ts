import {
  cancelBooking as cancelOperation,
  getBooking,
  listBookings,
  requeueBooking as requeueOperation,
} from "@jatra/contracts/http/booking.ts";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { cutPage } from "@jatra/common/http/cut-page.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { accepted, ok } from "@jatra/common/http/reply.ts";
import type pg from "pg";
import { createFindWhole } from "../data/find-whole-bookings.ts";
import { listBookingsOf } from "../data/list-bookings.ts";
import { cancelBooking } from "../domain/cancel-booking.ts";
import { lookAgain } from "../domain/look-again.ts";
import { maySee } from "../domain/may-see.ts";
import type { PaymentPace } from "../domain/payment-pace.ts";
import { requeueBooking } from "../domain/requeue-booking.ts";
import { showBooking, showSummary } from "../domain/show-booking.ts";
import type { Transact } from "../domain/stores.ts";
import { keyOf, positionOf } from "./booking-cursor.ts";

export const bookingRoutes = (dependencies: {
  readonly pool: pg.Pool;
  readonly transact: Transact;
  readonly pace: PaymentPace;
}): Route[] => {
  const { pool, transact, pace } = dependencies;
  const findWhole = createFindWhole(pool);
  return [
    bind(listBookings, async ({ query, identity }) => {
      const after = positionOf(query.cursor);
      const { userId } = identity;
      // One more than asked for tells whether there is a next page.
      const found = await listBookingsOf(pool, { userId, after, limit: query.limit + 1 });
      const { shown, nextCursor } = cutPage(found, query.limit, keyOf);
      return ok({ bookings: shown.map(showSummary), nextCursor });
    }),
    bind(getBooking, async ({ params, identity }) => {
      const found = await findWhole(params.bookingId);
      if (!found || !maySee(found.booking, identity)) throw new Problem("not_found");
      return { ...ok(showBooking(found)), headers: lookAgain(pace, found.booking) };
    }),
    bind(cancelOperation, ({ params, identity, idempotency }) =>
      cancelBooking({ bookingId: params.bookingId, identity, idempotency }, transact),
    ),
    bind(requeueOperation, async ({ params, requestId }) => {
      const answer = await requeueBooking(params.bookingId, requestId, transact);
      return accepted(`/api/bookings/${params.bookingId}`, answer);
    }),
  ];
};
