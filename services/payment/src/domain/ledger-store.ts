/** What the provider's ledger has and our books can't explain; a person decides. */
export type LedgerFinding = {
  readonly entryId: string;
  readonly reference: string;
  readonly kind: string;
};

export type LedgerStore = {
  /** 0 before the first run. */
  readonly position: (provider: string) => Promise<number>;
  readonly advance: (provider: string, position: number) => Promise<void>;
  /** Once per entry. */
  readonly record: (provider: string, findings: readonly LedgerFinding[]) => Promise<void>;
  readonly countOpen: (provider: string) => Promise<number>;
};
