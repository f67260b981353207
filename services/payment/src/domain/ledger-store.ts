/** What the provider's ledger has and our books can't explain; a person decides. */
export type LedgerFinding = {
  readonly entryId: string;
  readonly reference: string;
  readonly kind: string;
};

export type LedgerStore = {
  /** How far it was compared, 0 before the first run; and the time by the database's clock. */
  readonly position: (
    provider: string,
  ) => Promise<{ readonly position: number; readonly now: Date }>;
  readonly advance: (provider: string, position: number) => Promise<void>;
  /** Once per entry. */
  readonly record: (provider: string, findings: readonly LedgerFinding[]) => Promise<void>;
  readonly countOpen: (provider: string) => Promise<number>;
};
