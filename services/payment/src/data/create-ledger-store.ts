import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { LedgerStore } from "../domain/ledger-store.ts";

/** How far the provider's ledger was compared, and what it had that we can't explain. */
export const createLedgerStore = (database: Queryable): LedgerStore => ({
  position: async (provider) => {
    const { rows } = await database.query<{ position: number; now: Date }>(
      `SELECT now() AS now, coalesce(
         (SELECT ledger_position FROM reconciliations WHERE provider = $1), 0) AS position`,
      [provider],
    );
    const [found] = rows;
    if (!found) throw new Error("the database told no position");
    return found;
  },
  advance: async (provider, position) => {
    // greatest: two pods may run at once, and the slower one must not set it back.
    await database.query(
      `INSERT INTO reconciliations (provider, ledger_position) VALUES ($1, $2)
       ON CONFLICT (provider) DO UPDATE SET updated_at = now(),
         ledger_position = greatest(reconciliations.ledger_position, excluded.ledger_position)`,
      [provider, position],
    );
  },
  record: async (provider, findings) => {
    await database.query(
      `INSERT INTO ledger_findings (provider, entry_id, reference, kind)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
      [
        provider,
        findings.map((finding) => finding.entryId),
        findings.map((finding) => finding.reference),
        findings.map((finding) => finding.kind),
      ],
    );
  },
  countOpen: async (provider) => {
    const { rows } = await database.query<{ open: number }>(
      "SELECT count(*) AS open FROM ledger_findings WHERE provider = $1 AND resolved_at IS NULL",
      [provider],
    );
    return rows[0]?.open ?? 0;
  },
});
