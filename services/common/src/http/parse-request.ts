import type { z } from "zod";
import { Problem } from "./problem.ts";

/** Validates one part of a request; throws `validation_failed` listing where and what, never the value. */
export const parsePart = <S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  part: "params" | "query" | "body",
): z.infer<S> | undefined => {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    if (!holdsNul(parsed.data)) return parsed.data;
    throw new Problem("validation_failed", { detail: `${part}: no text may hold U+0000` });
  }
  const errors = parsed.error.issues.map((issue) => ({
    in: part,
    at: issue.path.join("."),
    message: issue.message,
  }));
  const first = errors[0];
  throw new Problem("validation_failed", {
    detail: first ? `${part}${first.at ? `.${first.at}` : ""}: ${first.message}` : part,
    extra: { errors },
  });
};

/** PostgreSQL has no U+0000 in its texts: what holds one can't be stored or found, and would end as an error of ours. */
const holdsNul = (value: unknown): boolean => {
  if (typeof value === "string") return value.includes("\0");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, each]) => name.includes("\0") || holdsNul(each));
};

/** JSON of a body; an empty one is `undefined`, so that the schema says what is missing. */
export const parseJson = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Problem("malformed_json", { cause });
  }
};
