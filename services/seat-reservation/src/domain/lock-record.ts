import type { Lock, LockStatus, PaidLock } from "@jatra/contracts/http/seat-reservation.ts";

/** A lock as seat_db knows it. An overdue HELD lock that no sweeper has met yet reads as EXPIRED. */
export type LockRecord = {
  readonly lockId: string;
  readonly journeyId: string;
  /** null: a guest's. */
  readonly userId: string | null;
  readonly tokenHash: Buffer;
  readonly seatIds: readonly string[];
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: string;
  readonly to: string;
  readonly status: LockStatus;
  readonly expiresAt: Date;
  /** By PostgreSQL's clock; what Redis is told. */
  readonly remainingMs: number;
  readonly bookingId: string | null;
};

export const toLock = (record: LockRecord): Lock => ({
  lockId: record.lockId,
  journeyId: record.journeyId,
  lockedSeats: [...record.seatIds],
  from: record.from,
  to: record.to,
  status: record.status,
  expiresAt: record.expiresAt.toISOString(),
});

export const toPaidLock = (record: LockRecord): PaidLock => ({
  lockId: record.lockId,
  journeyId: record.journeyId,
  fromSeq: record.fromSeq,
  toSeq: record.toSeq,
  from: record.from,
  to: record.to,
  seatIds: [...record.seatIds],
  expiresAt: record.expiresAt.toISOString(),
});
