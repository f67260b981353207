import type { Bench } from "../row.ts";
import { gatewayProxy } from "./b1-gateway.ts";
import { seatHold } from "./b2-seat-hold.ts";
import { oneSeat } from "./b3-one-seat.ts";
import { bookings } from "./b4-bookings.ts";
import { durableHolds } from "./b4h-durable-holds.ts";
import { bookingAnswer } from "./b5-booking-answer.ts";
import { openCircuit } from "./b6-open-circuit.ts";
import { operatorSpeed } from "./b9-operator.ts";
import { busyPool } from "./b9p-busy-pool.ts";
import { gatewaySoak } from "./soak.ts";

/** In the order in which they run: B5 goes by the rate that B4 found. */
export const benches: readonly Bench[] = [
  gatewayProxy,
  seatHold,
  durableHolds,
  oneSeat,
  bookings,
  bookingAnswer,
  openCircuit,
  operatorSpeed,
  busyPool,
  gatewaySoak,
];
