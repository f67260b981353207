import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { createBookingStore } from "./data/booking-store.ts";
import type { SeatReservation } from "./domain/neighbours.ts";
import type { PaymentPace } from "./domain/payment-pace.ts";
import type { Transact } from "./domain/stores.ts";
import { bookingRoutes } from "./routes/booking-routes.ts";
import { createBookingRoute } from "./routes/create-booking-route.ts";
import { internalRoutes } from "./routes/internal-routes.ts";

export type BookingDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly transact: Transact;
  /** For new bookings: those that come at the same time share a transaction. */
  readonly transactTogether: Transact;
  readonly seats: SeatReservation;
  readonly pace: PaymentPace;
  readonly paymentDeadlineSeconds: number;
  readonly accepting: () => boolean;
};

/**
 * The HTTP side of booking-service. Only the database decides readiness: with RabbitMQ away bookings wait in the outbox, with Redis
 * away new ones get a 503 while everybody can still look at theirs.
 */
export const createApp = (dependencies: BookingDependencies): RequestListener => {
  const { pool, transact } = dependencies;
  return createHttpApp({
    ...dependencies,
    routes: [
      createBookingRoute(dependencies),
      ...bookingRoutes(dependencies),
      ...internalRoutes(createBookingStore(pool), transact),
    ],
    health: {
      checks: { database: async () => void (await pool.query("SELECT 1")) },
      accepting: dependencies.accepting,
    },
  });
};
