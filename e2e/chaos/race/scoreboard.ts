import { paint, say } from "../../cluster/progress.ts";
import type { OnRetry, RaceAnswer } from "./race-buyer.ts";

/** Ten a second look like movement; more would only cost the race its CPU. */
const REFRESH_MS = 100;
/** Into a file or a pipe goes one line for so many answers. */
const LINE_EVERY = 200;

export type Scoreboard = {
  readonly onAnswer: (answer: RaceAnswer) => void;
  readonly onRetry: OnRetry;
  readonly close: () => void;
};

/** Shows the race as it happens: a bar on a terminal, a line now and then elsewhere. The winner has a line of its own. */
export const openScoreboard = (buyers: number): Scoreboard => {
  const onTerminal = process.stderr.isTTY;
  const startedMs = performance.now();
  const score = { won: 0, refused: 0, unexpected: 0, rateLimited: 0, noAnswer: 0 };
  const answered = (): number => score.won + score.refused + score.unexpected;
  const line = (): string => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(5);
    const waiting = score.rateLimited + score.noAnswer;
    const again =
      waiting > 0 ? paint.dim(`  ${waiting} tries again (${score.rateLimited} rate limited)`) : "";
    return `${seconds} s  ${String(answered()).padStart(5)} of ${buyers} answered  ${paint.green(`${score.won} won`)}  ${score.refused} refused${again}`;
  };
  const draw = (): void =>
    void process.stderr.write(`\r\u001b[K  ${bar(answered(), buyers)} ${line()}`);
  const ticker = onTerminal ? setInterval(draw, REFRESH_MS) : undefined;
  return {
    onAnswer: (answer) => {
      score[answer.outcome] += 1;
      if (answer.outcome === "won") announce(onTerminal, answered());
      if (!onTerminal && answered() % LINE_EVERY === 0) say(`  ${line()}`);
    },
    onRetry: (why) => {
      score[why === "rate limited" ? "rateLimited" : "noAnswer"] += 1;
    },
    close: () => {
      clearInterval(ticker);
      if (onTerminal) draw();
      say(onTerminal ? "" : `  ${line()}`);
    },
  };
};

const announce = (onTerminal: boolean, place: number): void => {
  if (onTerminal) process.stderr.write("\r\u001b[K");
  const before = place === 1 ? "the first to be answered" : `answered after ${place - 1} others`;
  say(`  ${paint.green("★")} ${paint.bold("a buyer has the seat")}, ${before}`);
};

const BAR_WIDTH = 30;
const bar = (done: number, all: number): string => {
  const full = Math.round((done / all) * BAR_WIDTH);
  return `${paint.green("█".repeat(full))}${paint.dim("░".repeat(BAR_WIDTH - full))}`;
};
