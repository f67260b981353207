/**
 * SQL of rows that come as one array a column, `$1` the first: `rowsOf("change", { id: "uuid", status: "text" })`. For a FROM with
 * what is to be looked up or changed, by its primary key.
 *
 * The LIMIT takes nothing away. But for it the planner expects ten rows, for which it rather reads the whole of a young table, and that
 * plan is kept until the table is first analysed, a minute later: this makes it expect one, and look up by the index.
 */
export const rowsOf = (name: string, columns: Readonly<Record<string, string>>): string => {
  const names = Object.keys(columns).join(", ");
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  return `(SELECT * FROM unnest(${arrays.join(", ")}) AS ${name} (${names})
    LIMIT cardinality(${arrays[0]})) AS ${name}`;
};
