import { cpus } from "node:os";

/** The table of a proof, and below it what it was seen on. */
export const formatReport = (rows: readonly (readonly string[])[]): string =>
  `${formatTable(rows)}\n\n${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString()}`;

/** Rows as a Markdown table with even columns: readable in a terminal, ready for a page. The first row is the head. */
export const formatTable = (rows: readonly (readonly string[])[]): string => {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...rows.slice(1).map(line)].join("\n");
};
