/** What an older image may miss, and what PostgreSQL calls it. */
const TAKING_AWAY: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["drops a table, view or type", /\bdrop\s+(table|view|materialized\s+view|type|schema)\b/],
  ["drops a column", /\bdrop\s+column\b/],
  ["renames", /\brename\s+(to|column|constraint|table)\b/],
  ["changes a column's type", /\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/],
  ["forbids null", /\balter\s+column\s+\S+\s+set\s+not\s+null\b/],
  ["drops a default", /\balter\s+column\s+\S+\s+drop\s+default\b/],
  ["empties a table", /\btruncate\s+(table\s+)?\w+\s*;/],
];

const MARK = /^\s*--\s*contract:\s*\S/m;
const NEW_COLUMN =
  /\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?\w+\s+[^,;]*\bnot\s+null\b[^,;]*/g;

/**
 * What in a migration would break the image before it, which runs beside it during a rollout and again after a
 * rollback. None for a file that says `-- contract: reason`: it comes one release later, on purpose.
 */
export function contractions(sql: string): string[] {
  if (MARK.test(sql)) return [];
  const text = sql.replaceAll(/--.*$/gm, "").toLowerCase();
  const taken = TAKING_AWAY.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
  const demanding = [...text.matchAll(NEW_COLUMN)].filter(
    ([clause]) => !/\b(default|generated|constraint|check)\b/.test(clause),
  );
  return demanding.length === 0 ? taken : [...taken, "adds a column that old code doesn't fill"];
}
