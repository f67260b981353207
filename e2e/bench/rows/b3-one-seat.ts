import { gatherCrowd, type Crowd } from "../load/burst.ts";
import { median, showLatencies, summarize, type Latencies } from "../load/latencies.ts";
import { signIn, type Buyer } from "../platform/access-tokens.ts";
import { supplySeats, wishOf, type Offer } from "../platform/seat-supply.ts";
import { startPlatform, type BenchPlatform } from "../platform/start-platform.ts";
import type { Bench, Row } from "../row.ts";

/** As many as once asked for one seat, on the day that a sale opened. */
const BUYERS = 1_187;
const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;
/** A refusal may take three times as long as saying hello. */
const RATIO_MAX = 3;
/** Another service's prefix, behind which the hello-world stands. */
const HELLO = "/api/tickets/hello-world";

type Round = {
  /** Of those who were refused. */
  readonly refusals: Latencies;
  readonly hello: Latencies;
  readonly winners: number;
  readonly claims: number;
};

export const oneSeat: Bench = {
  id: "B3",
  title: `${BUYERS.toLocaleString("en-US")} buyers for one seat, through the gateway`,
  measure: async ({ brief, say }) => {
    const platform = await startPlatform({
      services: ["auth", "schedule", "seat-reservation", "api-gateway"],
      // The same gateway, the same token and body: only the service behind it does nothing.
      standIns: { ticket: "e2e/bench/variants/hello-world.ts" },
    });
    const crowd = await gatherCrowd(platform.url("api-gateway"), BUYERS);
    try {
      const supply = await supplySeats(platform);
      const buyers = await signIn(platform, BUYERS);
      const rounds: Round[] = [];
      for (let round = 1 - WARM_UP_ROUNDS; round <= (brief ? 2 : ROUNDS); round++) {
        const one = await playRound(platform, crowd, buyers, supply.next(), round % 2 === 0);
        say(`round ${round}: ${one.winners} winner, refusals ${showLatencies(one.refusals)}`);
        if (round > 0) rounds.push(one);
      }
      return [toRow(rounds)];
    } finally {
      await crowd.close();
      await platform.stop();
    }
  },
};

const playRound = async (
  platform: BenchPlatform,
  crowd: Crowd,
  buyers: readonly Buyer[],
  offer: Offer,
  helloFirst: boolean,
): Promise<Round> => {
  const { journeyId, seatId } = offer;
  const body = wishOf(offer);
  const ask = (path: string) =>
    crowd.burst((client, index) => {
      const { token } = buyers[index] ?? { token: "" };
      return client.send("POST", path, { body, token });
    });
  const before = helloFirst ? await ask(HELLO) : [];
  const seat = await ask("/api/seats/locks/acquire");
  const hello = helloFirst ? before : await ask(HELLO);
  const refused = seat.filter(({ status }) => status === 409);
  const won = seat.filter(({ status }) => status === 201);
  const odd = [
    ...hello.filter(({ status }) => status !== 200),
    ...seat.filter(({ status }) => status !== 201 && status !== 409),
  ];
  if (odd[0]) throw new Error(`${odd.length} answers like ${odd[0].status} ${odd[0].text}`);
  const { rows } = await platform
    .database("seat-reservation")
    .pool.query<{ n: number }>(
      `SELECT count(*) AS n FROM claims WHERE journey_id = $1 AND seat_id = $2`,
      [journeyId, seatId],
    );
  return {
    refusals: summarize(refused.map(({ ms }) => ms)),
    hello: summarize(hello.map(({ ms }) => ms)),
    winners: won.length,
    claims: rows[0]?.n ?? 0,
  };
};

const toRow = (rounds: readonly Round[]): Row => {
  const value = median(rounds.map(({ refusals }) => refusals.p99));
  const hello = median(rounds.map((round) => round.hello.p99));
  const oneWinner = rounds.every(({ winners, claims }) => winners === 1 && claims === 1);
  const winners = rounds.map((round) => round.winners).join(", ");
  const claims = rounds.map((round) => round.claims).join(", ");
  return {
    id: "B3",
    what: `p99 of a refusal, ${BUYERS.toLocaleString("en-US")} buyers asking for one seat at once`,
    value,
    unit: "ms",
    against: [{ name: "the same burst at a hello-world service behind the gateway", value: hello }],
    ratio: value / hello,
    goal: `one winner, no partial hold, ≤ ${RATIO_MAX} × the hello-world's`,
    met: oneWinner && value <= RATIO_MAX * hello,
    notes: [
      `medians of ${rounds.length} rounds; winners a round ${winners}, claims left ${claims}`,
      "one open connection and a signed token a buyer; the crowd runs on the same cores",
    ],
  };
};
