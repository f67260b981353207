import type { NotificationKind } from "@jatra/contracts/http/notification.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import type { UserRegistered } from "@jatra/contracts/messages/user-registered.ts";

export type ComposedNotification = {
  readonly userId: string;
  readonly kind: NotificationKind;
  readonly subjectId: string;
  readonly subjectVersion: number;
  readonly bookingId: string | null;
  readonly title: string;
  readonly body: string;
  readonly email: string;
  readonly occurredAt: string;
};

/** What a traveller reads about a change of a booking. */
export const composeBookingNotification = (event: BookingEvent): ComposedNotification => ({
  userId: event.userId,
  kind: kinds[event.type],
  subjectId: event.bookingId,
  subjectVersion: event.bookingVersion,
  bookingId: event.bookingId,
  ...words[event.type](event),
  email: event.email,
  occurredAt: event.at,
});

/** The greeting for a new account. `at`: when it was heard of, since the message doesn't say. */
export const composeWelcome = (user: UserRegistered, at: Date): ComposedNotification => ({
  userId: user.userId,
  kind: "welcome",
  subjectId: user.userId,
  subjectVersion: 0,
  bookingId: null,
  title: "Welcome to Jatra",
  body: `${user.name}, your account is ready. You can search for trains and book seats now.`,
  email: user.email,
  occurredAt: at.toISOString(),
});

const kinds = {
  "booking.confirmed": "booking_confirmed",
  "booking.payment_failed": "payment_failed",
  "booking.cancelled": "booking_cancelled",
  "booking.refunded": "booking_refunded",
} as const satisfies Record<BookingEvent["type"], NotificationKind>;

type Words = { readonly title: string; readonly body: string };

const words: Readonly<Record<BookingEvent["type"], (event: BookingEvent) => Words>> = {
  "booking.confirmed": (event) => ({
    title: "Your booking is confirmed",
    body: `${journeyOf(event)}. Seats: ${seatsOf(event)}. Paid: ${taka(event.amount)}.`,
  }),
  "booking.payment_failed": (event) => ({
    title: "Your payment failed",
    body: `${journeyOf(event)} was not booked, and the seats are free again.`,
  }),
  "booking.cancelled": (event) => ({
    title: "Your booking is cancelled",
    body: `${journeyOf(event)}. Seats ${seatsOf(event)} were given up.`,
  }),
  "booking.refunded": (event) => ({
    title: "Your refund is on its way",
    body: `${taka(event.refundedAmount)} of ${taka(event.amount)} for ${journeyOf(event)}.`,
  }),
};

const journeyOf = ({ train, from, to }: BookingEvent): string =>
  `${train.name} (${train.number}) from ${from.name} to ${to.name}, ${localTime(from.at)}`;

const seatsOf = ({ passengers }: BookingEvent): string =>
  passengers.map(({ coach, seatId }) => `${coach} ${seatId}`).join(", ");

/** Made once: `toLocaleString` makes one at each call, which takes sixty times as long as using it. */
const twoDigits = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2 });

/** Poisha as people write them: `BDT 1,234.50`. */
const taka = (amount: number): string => `BDT ${twoDigits.format(amount / 100)}`;

const dhakaTime = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Dhaka",
  dateStyle: "medium",
  timeStyle: "short",
});

/** A traveller's clock is the station's. */
const localTime = (timestamp: string): string => dhakaTime.format(new Date(timestamp));
