import type { Channel, NotificationKind } from "@jatra/contracts/http/notification.ts";

/** Channels that leave the platform; there are none without an outlet. */
export const outletChannels: readonly Channel[] = ["email", "sms"];

/** A text message costs money and interrupts, so it is kept for what changes a traveller's plans. */
const wanted: Readonly<Record<NotificationKind, readonly Channel[]>> = {
  welcome: ["in_app", "email"],
  booking_confirmed: ["in_app", "email", "sms"],
  payment_failed: ["in_app", "email"],
  booking_cancelled: ["in_app", "email", "sms"],
  booking_refunded: ["in_app", "email"],
};

/** How a kind is told, given the channels that the platform has an outlet for. */
export const channelsFor = (
  kind: NotificationKind,
  available: readonly Channel[],
): readonly Channel[] =>
  wanted[kind].filter((channel) => channel === "in_app" || available.includes(channel));
