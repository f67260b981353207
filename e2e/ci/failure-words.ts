/** A page that someone still reads; mocha's longest failure with its stack is some 30 lines. */
const longest = 8_000;

/**
 * What a failing part said of its failures, to be told again at the very end of a run: CI's readers often see only that.
 * Mocha's closing list of failures; of a part without one (lint, types), or that broke off, its last lines and its errors' after them.
 */
export const failureWords = (output: string, errors = ""): string => {
  const start = output.search(/^ {2}\d+ failing$/m);
  const words =
    start === -1
      ? `${output}${errors}`.trimEnd().split("\n").slice(-40).join("\n")
      : output.slice(start).trimEnd();
  if (words.length <= longest) return words;
  // The first failures are the ones that others follow from.
  return `${words.slice(0, longest)}\n  … and ${words.length - longest} more characters above`;
};
