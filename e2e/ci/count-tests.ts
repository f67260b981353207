export type Counts = { readonly passed: number; readonly failed: number };

/**
 * Counts from mocha's closing lines; a part without them (lint, types) counts as one. A part that says nothing
 * failed but exits with an error counts as a failure all the same.
 */
export const countTests = (output: string, exitCode: number): Counts => {
  const passed = sum(output, /^ {2}(\d+) passing\b/gm);
  const failed = sum(output, /^ {2}(\d+) failing\b/gm);
  if (passed + failed === 0)
    return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
};

const sum = (output: string, pattern: RegExp): number =>
  [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
