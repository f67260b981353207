/** What a row was measured against, in the row's own unit. */
export type Rival = { readonly name: string; readonly value: number };

/** One line of the table and of `results/latest.json`. */
export type Row = {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly against: readonly Rival[];
  /** `value` over the strongest rival's; `null` where nothing is compared. */
  readonly ratio: number | null;
  readonly goal: string;
  readonly met: boolean;
  /** Settings and what else was seen, printed below the table. */
  readonly notes: readonly string[];
};

export type BenchOptions = {
  /** Short runs to see that everything works: no figures for the docs. */
  readonly brief: boolean;
  /** The five-minute form of B4. */
  readonly long: boolean;
  /** The row as it was last measured, in this run or an earlier one. */
  readonly measured: (id: string) => Row | undefined;
  readonly say: (line: string) => void;
};

/** One file of `rows/`: measures both sides and answers its rows. */
export type Bench = {
  readonly id: string;
  readonly title: string;
  /** Takes so long that it runs only when it is named. */
  readonly isOnRequest?: boolean;
  readonly measure: (options: BenchOptions) => Promise<readonly Row[]>;
};

/** `more`: a rate, the highest rival is the strongest. `less`: a time, the lowest is. */
export const ratioTo = (
  value: number,
  against: readonly Rival[],
  better: "more" | "less",
): number | null => {
  if (against.length === 0) return null;
  const values = against.map((rival) => rival.value);
  return value / (better === "more" ? Math.max(...values) : Math.min(...values));
};
