import { bookingGuards } from "./booking-guards.ts";
import { edgeGuards } from "./edge-guards.ts";
import type { Guard } from "./guard.ts";
import { paymentGuards } from "./payment-guards.ts";
import { plumbingGuards } from "./plumbing-guards.ts";
import { schemaGuards } from "./schema-guards.ts";
import { seatGuards } from "./seat-guards.ts";
import { ticketAndGatewayGuards } from "./ticket-and-gateway-guards.ts";

/**
 * Every guard of the protocol. `npm run prove -- guards` takes each away in a copy of the tree and sees its test fail; a unit
 * test sees to it that each still stands where its row says.
 */
export const guards: readonly Guard[] = [
  ...seatGuards,
  ...bookingGuards,
  ...paymentGuards,
  ...ticketAndGatewayGuards,
  ...edgeGuards,
  ...plumbingGuards,
  ...schemaGuards,
];
