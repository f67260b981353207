/** Colours by meaning; each answers the text as it is where colours are off. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

/** ANSI codes that every terminal knows in its own palette. */
const CODES = { good: 32, bad: 31, warn: 33, dim: 2, strong: 1 };

export function createPaint(isColoured: boolean): Paint {
  const colour = (code: number) => (text: string) =>
    isColoured && text !== "" ? `\u001B[${code}m${text}\u001B[0m` : text;
  return {
    good: colour(CODES.good),
    bad: colour(CODES.bad),
    warn: colour(CODES.warn),
    dim: colour(CODES.dim),
    strong: colour(CODES.strong),
  };
}

/** Colours only on a terminal, and not where the person has said no (no-color.org). */
export function wantsColour(
  isTerminal: boolean,
  variables: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTerminal && (variables["NO_COLOR"] ?? "") === "" && variables["TERM"] !== "dumb";
}
