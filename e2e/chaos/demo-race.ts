/** `npm run demo:race`: a crowd wants one seat of the running platform, all at once. Exactly one may get it. */
import { parseArgs } from "node:util";
import { Agent } from "undici";
import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { paint, say } from "../cluster/progress.ts";
import { findSeat } from "./race/find-seat.ts";
import { giveBack, race, type RaceAnswer } from "./race/race-buyer.ts";
import { openScoreboard } from "./race/scoreboard.ts";

const usage = `Usage: npm run demo:race [-- --url URL] [--buyers N]

1,187 buyers ask the running platform for the same seat at the same moment. Shows the answers as they come; exit code 1
unless exactly one buyer has won and every other was told that the seat is taken. The seat is given back afterwards.
Buyers are guests (spec.gateway.guestHolds, on in the laptop sample).

  --url URL     the gateway (default http://localhost:30000)
  --buyers N    how many (default 1187: so many tries for one seat were once seen)
  --help        print this`;

await runMain(async () => {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const won = await raceForOneSeat(options);
  if (!won) process.exitCode = 1;
});

async function raceForOneSeat({ url, buyers }: { url: string; buyers: number }): Promise<boolean> {
  const seat = await findSeat(url);
  say(
    `${paint.bold(String(buyers))} buyers for seat ${paint.bold(seat.seatId)} of ${seat.train} (${seat.journeyId})\n`,
  );
  const dispatcher = new Agent();
  const board = openScoreboard(buyers);
  const answers = await Promise.all(
    Array.from({ length: buyers }, async () => {
      const answer = await race(url, seat, dispatcher, board.onRetry);
      board.onAnswer(answer);
      return answer;
    }),
  );
  board.close();
  for (const { lock } of answers) if (lock) await giveBack(url, lock, dispatcher);
  await dispatcher.close();
  return tell(answers);
}

function tell(answers: readonly RaceAnswer[]): boolean {
  const of = (outcome: RaceAnswer["outcome"]) => answers.filter((one) => one.outcome === outcome);
  const [won, refused, unexpected] = [of("won"), of("refused"), of("unexpected")];
  const times = answers.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const at = (share: number): string =>
    `${Math.round(times[Math.ceil(times.length * share) - 1] ?? 0)} ms`;
  console.log(`won ${won.length}, refused ${refused.length}, unexpected ${unexpected.length}`);
  console.log(`an answer took ${at(0.5)} (median), ${at(0.99)} (99 %), ${at(1)} (longest)`);
  for (const detail of new Set(unexpected.slice(0, 5).map((one) => one.detail))) {
    say(paint.red(`  ${detail}`));
  }
  const right = won.length === 1 && unexpected.length === 0;
  say(right ? paint.green("Exactly one has the seat.") : paint.red("That isn't exactly one."));
  return right;
}

function optionsOf(args: readonly string[]): { url: string; buyers: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: "string", default: "http://localhost:30000" },
        buyers: { type: "string", default: "1187" },
        help: { type: "boolean" },
      },
    });
    if (values.help === true) return undefined;
    const buyers = Number(values.buyers);
    if (!Number.isInteger(buyers) || buyers < 1) throw new Error(`${values.buyers} is no number`);
    return { url: values.url.replace(/\/+$/, ""), buyers };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new Failure(`${reason}; --help lists the options.`, { cause: error });
  }
}
