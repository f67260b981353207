import { Problem } from "@jatra/common/http/problem.ts";
import { z } from "zod";
import type { BookingPosition } from "../data/list-bookings.ts";

const schema = z.tuple([z.iso.datetime(), z.uuid()]);

/** The sort key of a booking, as the list's cursors carry it. */
export const keyOf = ({ createdAt, bookingId }: BookingPosition): readonly [string, string] => [
  createdAt.toISOString(),
  bookingId,
];

/** Throws `validation_failed` for what isn't a cursor of ours. */
export const positionOf = (cursor: string | undefined): BookingPosition | undefined => {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(parse(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) {
    throw new Problem("validation_failed", { detail: "query.cursor: not a cursor of this list" });
  }
  const [createdAt, bookingId] = parsed.data;
  return { createdAt: new Date(createdAt), bookingId };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
