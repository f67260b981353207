import { Problem } from "@jatra/common/http/problem.ts";
import { z } from "zod";
import type { BookingPosition } from "../data/list-bookings.ts";

const schema = z.tuple([z.iso.datetime(), z.uuid()]);

/** Opaque to clients: base64url of the last booking's moment and id. */
export const cursorOf = ({ createdAt, bookingId }: BookingPosition): string =>
  Buffer.from(JSON.stringify([createdAt.toISOString(), bookingId])).toString("base64url");

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
