import { randomUUID } from "node:crypto";
import { newIntent, type PaymentWorld } from "./payment-world.ts";

/** A payment of a booking of its own that the provider has captured. */
export const capturePayment = async (
  world: PaymentWorld,
): Promise<{ paymentId: string; bookingId: string }> => {
  const paymentId = randomUUID();
  const intent = newIntent();
  await world.put(paymentId, intent);
  await world.outcomeOf(paymentId);
  return { paymentId, bookingId: intent.bookingId };
};
