/** The seats of one lock, on its stretch. */
export type OwnedSeats = {
  readonly lockId: string;
  readonly journeyId: string;
  readonly seatIds: readonly string[];
  readonly fromSeq: number;
  readonly toSeq: number;
};
