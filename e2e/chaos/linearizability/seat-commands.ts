/** What a client asks of a pod: the calls of the service's store code, with their arguments as its routes pass them. */
export type SeatCommand =
  | {
      readonly kind: "acquire";
      readonly journeyId: string;
      readonly userId: string;
      readonly seatIds: readonly string[];
      readonly from: string;
      readonly to: string;
      readonly ttlSeconds: number;
    }
  | {
      readonly kind: "extend";
      readonly lockId: string;
      readonly userId: string;
      readonly ttlSeconds: number;
    }
  | { readonly kind: "release"; readonly lockId: string; readonly userId: string }
  | { readonly kind: "read"; readonly lockId: string; readonly userId: string }
  | {
      readonly kind: "pay";
      readonly lockId: string;
      readonly userId: string;
      readonly bookingId: string;
    }
  | {
      readonly kind: "sell" | "free";
      readonly lockId: string;
      readonly bookingId: string;
      readonly bookingVersion: number;
    }
  | {
      readonly kind: "look";
      readonly journeyId: string;
      readonly fromSeq: number;
      readonly toSeq: number;
    };

export type SeatAnswer = {
  readonly outcome: string;
  readonly lockId?: string;
  readonly endsAt?: string;
  readonly failedSeat?: string;
  readonly taken?: Readonly<Record<string, string>>;
};

/** Rejects where nobody can say what became of the command. */
export type SeatStore = (command: SeatCommand) => Promise<SeatAnswer>;

export const stations = ["DHK", "BRM", "COM", "CTG"] as const;
export const seatIds = ["seat-1", "seat-2", "seat-3"] as const;
