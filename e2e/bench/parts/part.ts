/** Two ways of doing one thing in this process, each called `count` times, `inFlight` at a time. */
export type Part = {
  readonly name: string;
  readonly count: number;
  readonly inFlight: number;
  readonly ways: Readonly<Record<"before" | "after", () => Promise<unknown>>>;
  readonly stop: () => Promise<void>;
};
