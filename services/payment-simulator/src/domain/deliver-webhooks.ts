import type { Logger } from "@jatra/common/logging/logger.ts";
import type { SimulatorWebhook } from "@jatra/contracts/http/payment-simulator.ts";
import type { DeliveryStore } from "../data/create-delivery-store.ts";
import { chargeOf } from "./entry.ts";

/** Posts a signed webhook; false unless the merchant took it. */
export type PostWebhook = (webhook: SimulatorWebhook) => Promise<boolean>;

/** In one request: some 250 bytes each, well below the merchant's limit on bodies. */
const BATCH_MAX = 200;
/** With pauses up to 15 s some two minutes: real providers try for hours, but nobody here waits that long. */
const ATTEMPTS_MAX = 12;

/** Sends what is due, several results in one request, at least once. Answers how many were taken. */
export const deliverWebhooks = async (needs: {
  readonly deliveries: DeliveryStore;
  readonly post: PostWebhook;
  readonly logger: Logger;
}): Promise<number> => {
  const due = await needs.deliveries.lease(BATCH_MAX);
  if (due.length === 0) return 0;
  const taken = await needs.post({ charges: due.map(({ entry }) => chargeOf(entry)) });
  if (taken) {
    await needs.deliveries.remove(due.map(({ deliveryId }) => deliveryId));
    return due.length;
  }
  const dropped = await needs.deliveries.removeHopeless(ATTEMPTS_MAX);
  if (dropped > 0) needs.logger.warn({ dropped }, "webhooks given up");
  return 0;
};
