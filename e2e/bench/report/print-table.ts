import type { Row } from "../row.ts";

/** The table for people: one line a row, its rivals and notes below. */
export const printTable = (rows: readonly Row[]): string =>
  rows
    .flatMap((row) => [
      `${row.met ? "met  " : "SHORT"} ${row.id.padEnd(5)} ${figure(row.value)} ${row.unit}  ${row.what}`,
      ...row.against.map(({ name, value }) => `${indent}${figure(value)} ${row.unit}  ${name}`),
      `${indent}${row.ratio === null ? "" : `ratio ${row.ratio.toFixed(2)}; `}goal: ${row.goal}`,
      ...row.notes.map((note) => `${indent}${note}`),
      "",
    ])
    .join("\n");

const indent = " ".repeat(12);

/** Three significant digits where they say something. */
export const figure = (value: number): string => {
  if (!Number.isFinite(value)) return "none";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
};
