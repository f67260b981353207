import { Problem } from "@jatra/common/http/problem.ts";

/**
 * The path of an operation with its parameters put in: `/api/stations/:id`, {id: "A/B"} → `/api/stations/A%2FB`. A parameter can't leave its
 * segment: `.` and `..`, which a client would resolve away, are `not_found`, as no id is called so. Throws for a
 * parameter that is missing, since the contract's own params are what goes in.
 */
export const fillPath = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`no ${name} for ${template}`);
    if (/^\.{1,2}$/.test(value)) throw new Problem("not_found");
    return encodeURIComponent(value);
  });
