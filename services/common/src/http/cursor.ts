import type { z } from "zod";
import { Problem } from "./problem.ts";

/** A list's place as clients hand it back: the last row's sort key, opaque to them. */
export const encodeCursor = (key: unknown): string =>
  Buffer.from(JSON.stringify(key)).toString("base64url");

/** The sort key of a cursor, `undefined` where there was none. Throws `validation_failed` for a made-up one. */
export const decodeCursor = <S extends z.ZodType>(
  cursor: string | undefined,
  schema: S,
): z.infer<S> | undefined => {
  if (cursor === undefined) return undefined;
  const parsed = schema.safeParse(parse(cursor));
  if (parsed.success) return parsed.data;
  throw new Problem("validation_failed", { detail: "query.cursor: not one of this list" });
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
};
