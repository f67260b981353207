/** Sums of the named columns over all rows. */
export const sumColumns = <C extends string>(
  rows: readonly Readonly<Record<C, number>>[],
  columns: readonly C[],
): Record<C, number> => {
  const sums = columns.map((column) => [column, rows.reduce((sum, row) => sum + row[column], 0)]);
  return Object.fromEntries(sums);
};
