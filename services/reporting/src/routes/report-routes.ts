import { bind, type Route } from "@jatra/common/http/bind.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import { reportBookings, reportRevenue, reportTrains } from "@jatra/contracts/http/reporting.ts";
import type pg from "pg";
import { readBookings, readRevenue, readTrains } from "../data/report-store.ts";
import { instantsOf, resolvePeriod, type Period } from "../domain/report-period.ts";
import { sumColumns } from "../domain/sum-columns.ts";
import { chooseFormat } from "./choose-format.ts";
import { csvReply } from "./csv-reply.ts";

const group = ["key", "name"] as const;
const bookingCounts = [
  "bookings",
  "confirmed",
  "paymentFailed",
  "cancelled",
  "refunded",
  "seats",
] as const;
const sums = ["bookings", "gross", "refunded", "net"] as const;
const trainColumns = [
  "trainNumber",
  "trainName",
  ...group,
  "journeys",
  "bookings",
  "seats",
  "fares",
];
const currency = "BDT";

/** Reports for admins, each as JSON or CSV. */
export const reportRoutes = (pool: pg.Pool): readonly Route[] => [
  bind(reportBookings, async ({ query, headers }) => {
    const { groupBy } = query;
    const period = resolvePeriod(query, new Date());
    const rows = await readBookings(pool, instantsOf(period), groupBy);
    if (chooseFormat(query.format, headers) === "csv") {
      return csvReply("bookings", period, [...group, ...bookingCounts], rows);
    }
    return json(period, { groupBy, rows, totals: sumColumns(rows, bookingCounts) });
  }),
  bind(reportRevenue, async ({ query, headers }) => {
    const { groupBy } = query;
    const period = resolvePeriod(query, new Date());
    const rows = await readRevenue(pool, instantsOf(period), groupBy);
    if (chooseFormat(query.format, headers) === "csv") {
      return csvReply("revenue", period, [...group, ...sums, "currency"], inCurrency(rows));
    }
    return json(period, { groupBy, currency, rows, totals: sumColumns(rows, sums) });
  }),
  bind(reportTrains, async ({ query, headers }) => {
    const { groupBy } = query;
    const period = resolvePeriod(query, new Date());
    const rows = await readTrains(pool, instantsOf(period), groupBy);
    if (chooseFormat(query.format, headers) === "csv") {
      return csvReply("trains", period, [...trainColumns, "currency"], inCurrency(rows));
    }
    return json(period, { groupBy, currency, rows });
  }),
];

const json = (period: Period, rest: object): Reply => ({
  status: 200,
  body: { ...period, timeZone: "Asia/Dhaka", ...rest },
  headers: { Vary: "Accept" },
});

const inCurrency = (rows: readonly object[]): object[] => rows.map((row) => ({ ...row, currency }));
