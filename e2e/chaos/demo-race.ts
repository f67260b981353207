/** `npm run demo:race`: a crowd wants one seat of the running platform, all at once. Exactly one may get it. */
import { Agent } from "undici";
import { summarize } from "../bench/load/latencies.ts";
import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
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
  const options = optionsOf();
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
  const { p50, p99, max } = summarize(answers.map(({ tookMs }) => tookMs));
  const ms = (time: number): string => `${Math.round(time)} ms`;
  console.log(`won ${won.length}, refused ${refused.length}, unexpected ${unexpected.length}`);
  console.log(`an answer took ${ms(p50)} (median), ${ms(p99)} (99 %), ${ms(max)} (longest)`);
  for (const detail of new Set(unexpected.slice(0, 5).map((one) => one.detail))) {
    say(paint.red(`  ${detail}`));
  }
  const right = won.length === 1 && unexpected.length === 0;
  say(right ? paint.green("Exactly one has the seat.") : paint.red("That isn't exactly one."));
  return right;
}

function optionsOf(): { url: string; buyers: number } | undefined {
  const { values } = parseOptions({
    options: {
      url: { type: "string", default: "http://localhost:30000" },
      buyers: { type: "string", default: "1187" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return undefined;
  const buyers = Number(values.buyers);
  if (!Number.isInteger(buyers) || buyers < 1) {
    throw new Failure(`«${values.buyers}» is no number above 0; --help lists the options.`);
  }
  return { url: values.url.replace(/\/+$/, ""), buyers };
}
