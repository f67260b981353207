/** One call of one client as it saw it. Times are whole microseconds of the recorder's clock; `checker/history.go` reads this. */
export type Operation = {
  readonly client: number;
  readonly journey: string;
  readonly kind: "acquire" | "extend" | "release" | "pay" | "sell" | "free" | "read" | "look";
  readonly call: number;
  /**
   * Null: no answer came, so it may have had its effect at any time since, or never. Of such an acquire `outcome` tells what was
   * found out once all was over: `ok` with its lock, or `nothing`.
   */
  readonly return: number | null;
  readonly lock?: string;
  readonly booking?: string;
  /** Of acquire. */
  readonly seats?: readonly string[];
  /** Of acquire and look: legs fromSeq … toSeq - 1. */
  readonly fromSeq?: number;
  readonly toSeq?: number;
  /** Microseconds that acquire and extend asked for. */
  readonly ttl?: number;
  /** `ok`, the problem's code, a lock's status (read), `changed` or `unchanged` (sell, free). */
  readonly outcome?: string;
  /** When the hold ends, as acquire, extend and read told. */
  readonly end?: number;
  readonly failedSeat?: string;
  /** Of look: the seats that aren't free, HELD or SOLD. */
  readonly taken?: Readonly<Record<string, string>>;
};

export type History = {
  /**
   * `strict`: a 409 needs a taken seat, a concurrent attempt at it or a hold that was just ending. `free`: Redis was broken on
   * purpose, and its markers may outlive what they stand for until a sweeper comes.
   */
  readonly refusals: "strict" | "free";
  /** Microseconds by which wall clock (of the ends) and monotonic clock (of the calls) ran apart meanwhile. */
  readonly clockError: number;
  readonly operations: readonly Operation[];
};
