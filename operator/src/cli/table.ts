export interface Cell {
  readonly text: string;
  /** Applied after the width is known, so that colour codes don't count. */
  readonly paint?: (text: string) => string;
}

const GAP = "  ";

/** Lines of left-aligned columns, each as wide as its widest cell; no blanks at the ends. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => lengthOf(row[column]?.text ?? ""))),
  );
  return rows.map((row) =>
    row
      .map(({ text, paint }, column) => {
        const isLast = column === row.length - 1;
        const padding = isLast ? "" : " ".repeat((widths[column] ?? 0) - lengthOf(text));
        return (paint === undefined ? text : paint(text)) + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Everything we print is in the basic plane and one column wide. */
function lengthOf(text: string): number {
  return text.length;
}
