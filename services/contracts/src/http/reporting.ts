import { z } from "zod";
import { currencySchema } from "../money.ts";
import { operation, type Operation } from "../operation.ts";
import { dateSchema } from "../primitives.ts";

/** Days, both included, in Asia/Dhaka; by default the last 30. The period is at most 366 days. */
const periodQuery = {
  from: dateSchema.optional().describe("first day, in Asia/Dhaka; default 29 days before `to`"),
  to: dateSchema.optional().describe("last day, in Asia/Dhaka; default today"),
  format: z.enum(["json", "csv"]).optional().describe("outranks the Accept header"),
};

const groupingSchema = z.enum(["day", "month", "train", "route"]);
export type Grouping = z.infer<typeof groupingSchema>;
const trainGroupingSchema = z.enum(["train", "class", "route"]);
export type TrainGrouping = z.infer<typeof trainGroupingSchema>;

const countSchema = z.int().min(0);
/** A sum over many bookings knows no other limit than the integers. */
const sumSchema = z.int().min(0);
const group = {
  key: z.string().describe("2026-12-01, 2026-12, a train's number, CTG-DHK, or a class"),
  name: z.string().nullable().describe("in words, where the key isn't enough"),
};

const head = {
  from: dateSchema,
  to: dateSchema,
  timeZone: z.literal("Asia/Dhaka"),
};

const bookingCounts = {
  bookings: countSchema,
  confirmed: countSchema,
  paymentFailed: countSchema,
  cancelled: countSchema,
  refunded: countSchema,
  seats: countSchema.describe("of the confirmed bookings"),
};
const bookingsRowSchema = z.object({ ...group, ...bookingCounts });
export type BookingsRow = z.infer<typeof bookingsRowSchema>;

const sums = {
  bookings: countSchema.describe("paid ones"),
  gross: sumSchema.describe("paid, in poisha"),
  refunded: sumSchema.describe("given back, in poisha"),
  net: sumSchema.describe("gross less refunded, in poisha"),
};
const revenueRowSchema = z.object({ ...group, ...sums });
export type RevenueRow = z.infer<typeof revenueRowSchema>;

const trainsRowSchema = z.object({
  trainNumber: z.string(),
  trainName: z.string(),
  ...group,
  journeys: countSchema.describe("with at least one seat sold"),
  bookings: countSchema,
  seats: countSchema,
  fares: sumSchema.describe("in poisha"),
});
export type TrainsRow = z.infer<typeof trainsRowSchema>;

const csv = { otherContentTypes: ["text/csv"] } as const;

export const reportBookings = operation({
  operationId: "reportBookings",
  method: "get",
  path: "/api/reports/bookings",
  summary: "How many bookings ended how",
  description:
    "A booking counts on the day its payment was decided, by the state it is in now. CSV by `format=csv` or `Accept: text/csv`.",
  access: "admin",
  query: z.object({ ...periodQuery, groupBy: groupingSchema.default("day") }),
  responses: {
    200: {
      description: "A row a group, in the order of the keys",
      schema: z.object({
        ...head,
        groupBy: groupingSchema,
        rows: z.array(bookingsRowSchema),
        totals: z.object(bookingCounts),
      }),
      ...csv,
    },
  },
  problems: [],
});

export const reportRevenue = operation({
  operationId: "reportRevenue",
  method: "get",
  path: "/api/reports/revenue",
  summary: "What was paid, given back and kept",
  description:
    "A booking's money counts on the day its payment was decided, its refund too. CSV by `format=csv` or `Accept: text/csv`.",
  access: "admin",
  query: z.object({ ...periodQuery, groupBy: groupingSchema.default("day") }),
  responses: {
    200: {
      description: "A row a group, in the order of the keys",
      schema: z.object({
        ...head,
        groupBy: groupingSchema,
        currency: currencySchema,
        rows: z.array(revenueRowSchema),
        totals: z.object(sums),
      }),
      ...csv,
    },
  },
  problems: [],
});

export const reportTrains = operation({
  operationId: "reportTrains",
  method: "get",
  path: "/api/reports/trains",
  summary: "Seats sold and their fares, a train",
  description:
    "Confirmed bookings only, as they stand now, by the day of sale. CSV by `format=csv` or `Accept: text/csv`.",
  access: "admin",
  query: z.object({ ...periodQuery, groupBy: trainGroupingSchema.default("train") }),
  responses: {
    200: {
      description: "A row a train and group, the trains by number",
      schema: z.object({
        ...head,
        groupBy: trainGroupingSchema,
        currency: currencySchema,
        rows: z.array(trainsRowSchema),
      }),
      ...csv,
    },
  },
  problems: [],
});

export const operations: readonly Operation[] = [reportBookings, reportRevenue, reportTrains];
