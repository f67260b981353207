const onTerminal = process.stderr.isTTY && process.env["NO_COLOR"] === undefined;

/** Progress goes to standard error: standard output stays free for results that programs read. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export const paint = {
  bold: (text: string) => colour(1, text),
  dim: (text: string) => colour(2, text),
  red: (text: string) => colour(31, text),
  green: (text: string) => colour(32, text),
};

/** Runs one phase and prints its name and how long it took; `note` adds a word on what was done. */
export async function phase<Result>(
  name: string,
  work: (note: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  const startedMs = Date.now();
  const notes: string[] = [];
  const ticker = onTerminal
    ? setInterval(() => process.stderr.write(`\r  … ${name} ${seconds(startedMs)} `), 500)
    : undefined;
  try {
    const result = await work((text) => notes.push(text));
    finish(ticker, `  ${paint.green("✓")} ${line(name, startedMs, notes)}`);
    return result;
  } catch (error) {
    finish(ticker, `  ${paint.red("✗")} ${line(name, startedMs, notes)}`);
    throw error;
  }
}

function line(name: string, startedMs: number, notes: readonly string[]): string {
  const text = `${name.padEnd(34)} ${seconds(startedMs).padStart(8)}`;
  return notes.length > 0 ? `${text}  ${paint.dim(notes.join(", "))}` : text;
}

function finish(ticker: NodeJS.Timeout | undefined, text: string): void {
  clearInterval(ticker);
  if (onTerminal) process.stderr.write("\r\u001b[K");
  say(text);
}

function seconds(startedMs: number): string {
  return `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
}

function colour(code: number, text: string): string {
  return onTerminal ? `\u001b[${code}m${text}\u001b[0m` : text;
}
