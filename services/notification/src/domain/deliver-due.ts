import type { Channel } from "@jatra/contracts/http/notification.ts";
import { backoffMs } from "@jatra/common/messaging/backoff.ts";

export type OutgoingNotification = {
  /** The same at every try, so that the outlet can tell a repeat. */
  readonly id: string;
  readonly channel: Channel;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

export type SendResult =
  | { readonly kind: "taken" }
  | { readonly kind: "busy"; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Where messages leave the platform. A throw means that nobody knows whether it was taken. */
export type Outlet = {
  readonly send: (message: OutgoingNotification) => Promise<SendResult>;
};

export type DueDelivery = {
  readonly notificationId: string;
  readonly channel: Channel;
  readonly attempts: number;
  /** Not known (yet) for a text message to somebody whose registration wasn't heard of. */
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
  /** A later change of the same booking was told meanwhile. */
  readonly outdated: boolean;
};

export type DeliveryEnd =
  | { readonly status: "DELIVERED" }
  | { readonly status: "FAILED"; readonly reason: string }
  | { readonly status: "PENDING"; readonly reason: string; readonly pauseSeconds: number };

export type DeliveryStore = {
  /** Takes due deliveries so that no other pod has them for `leaseSeconds`. */
  readonly leaseDue: (limit: number, leaseSeconds: number) => Promise<DueDelivery[]>;
  readonly end: (delivery: DueDelivery, end: DeliveryEnd) => Promise<void>;
};

const BATCH = 20;
/** Above the outlet's own 10 s. */
const LEASE_SECONDS = 30;
/** With the pauses below about three hours; news of a journey is stale after that. */
const ATTEMPTS_MAX = 10;
const PAUSE = { firstMs: 5_000, maxMs: 3_600_000 } as const;

/** Sends what is due, batch after batch; answers how many ended. Any number of pods may do this at a time. */
export const deliverDue = async (dependencies: {
  readonly deliveries: DeliveryStore;
  readonly outlet: Outlet;
  readonly onEnd: (channel: Channel, outcome: "delivered" | "retried" | "failed") => void;
}): Promise<number> => {
  const { deliveries, outlet, onEnd } = dependencies;
  let ended = 0;
  for (;;) {
    const due = await deliveries.leaseDue(BATCH, LEASE_SECONDS);
    await Promise.all(
      due.map(async (delivery) => {
        const end = await deliver(delivery, outlet);
        await deliveries.end(delivery, end);
        onEnd(delivery.channel, outcomes[end.status]);
        if (end.status !== "PENDING") ended += 1;
      }),
    );
    if (due.length < BATCH) return ended;
  }
};

const outcomes = { DELIVERED: "delivered", PENDING: "retried", FAILED: "failed" } as const;

const deliver = async (delivery: DueDelivery, outlet: Outlet): Promise<DeliveryEnd> => {
  const { to, notificationId, channel, subject, text } = delivery;
  // «Confirmed» after «cancelled» would mislead; the list in the app still shows both in order.
  if (delivery.outdated) return { status: "FAILED", reason: "outdated" };
  if (to === null) return againOrNever(delivery, "address unknown");
  const id = `${notificationId}:${channel}`;
  try {
    const result = await outlet.send({ id, channel, to, subject, text });
    if (result.kind === "taken") return { status: "DELIVERED" };
    if (result.kind === "refused") return { status: "FAILED", reason: result.reason };
    return againOrNever(delivery, result.reason);
  } catch (error) {
    return againOrNever(delivery, error instanceof Error ? error.message : "unknown");
  }
};

const againOrNever = (delivery: DueDelivery, reason: string): DeliveryEnd =>
  delivery.attempts >= ATTEMPTS_MAX
    ? { status: "FAILED", reason }
    : { status: "PENDING", reason, pauseSeconds: backoffMs(delivery.attempts, PAUSE) / 1000 };
