import type { Reply } from "@jatra/common/http/reply.ts";
import { stringify } from "csv-stringify/sync";
import type { Period } from "../domain/report-period.ts";

/**
 * A report's rows as RFC 4180, with the columns' names first, as a file to save. Cells that a spreadsheet would run as a formula (a
 * train may be called anything) are escaped.
 */
export const csvReply = (
  report: string,
  period: Period,
  columns: readonly string[],
  rows: readonly object[],
): Reply => {
  const text = stringify([...rows], {
    header: true,
    columns: [...columns],
    record_delimiter: "windows",
    escape_formulas: true,
  });
  return {
    status: 200,
    raw: { bytes: Buffer.from(text), contentType: "text/csv; charset=utf-8" },
    headers: {
      "Content-Disposition": `attachment; filename="${report}-${period.from}-${period.to}.csv"`,
      Vary: "Accept",
    },
  };
};
