import { v5 } from "uuid";

/** Ours alone: the same words under another namespace give other ids. Never change it, the ids in use come from it. */
const NAMESPACE = "5b1f4a52-6c0e-4f0e-9d53-1f7f0f2f8a61";

/**
 * The booking of a lock. Made from the lock's id, so that a client's retry after a crash between «lock in payment» and
 * «booking written» names the same booking, and so that a lock can have only one.
 */
export const bookingIdOf = (lockId: string): string => v5(`booking:${lockId}`, NAMESPACE);

/** The one payment of a booking. */
export const paymentIdOf = (bookingId: string): string => v5(`payment:${bookingId}`, NAMESPACE);

/** The one refund of a payment. */
export const refundIdOf = (paymentId: string): string => v5(`refund:${paymentId}`, NAMESPACE);
