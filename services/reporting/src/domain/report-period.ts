import { Problem } from "@jatra/common/http/problem.ts";
import { addDays, dhakaDateOf, dhakaInstant } from "@jatra/contracts/dhaka-time.ts";

/** Days in Dhaka, both included. */
export type Period = { readonly from: string; readonly to: string };
/** The same as instants: `after` is included, `before` is not. */
export type Instants = { readonly after: Date; readonly before: Date };

/** A leap year: what a yearly report needs. */
const DAYS_MAX = 366;
const DAYS_DEFAULT = 30;

/** The asked-for period with its defaults. Throws `validation_failed` for one that is turned round or too long. */
export const resolvePeriod = (
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
): Period => {
  const to = asked.to ?? dhakaDateOf(now);
  const from = asked.from ?? addDays(to, 1 - DAYS_DEFAULT);
  // Dates of this form sort as text.
  if (from > to) refuse("query.from: later than `to`");
  if (from <= addDays(to, -DAYS_MAX)) refuse(`query: more than ${DAYS_MAX} days`);
  return { from, to };
};

export const instantsOf = ({ from, to }: Period): Instants => ({
  after: dhakaInstant(from, "00:00"),
  before: dhakaInstant(addDays(to, 1), "00:00"),
});

const refuse = (detail: string): never => {
  throw new Problem("validation_failed", { detail });
};
