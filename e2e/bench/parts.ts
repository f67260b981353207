import { median } from "./load/latencies.ts";
import { fixedWork } from "./load/fixed-work.ts";
import { outboxPart } from "./parts/outbox-part.ts";
import type { Part } from "./parts/part.ts";
import { internalCallPart } from "./parts/internal-call-part.ts";
import { paymentEndsPart } from "./parts/payment-ends-part.ts";
import { redisPart } from "./parts/redis-part.ts";
import { snapshotPart } from "./parts/snapshot-part.ts";
import { transactionPart } from "./parts/transaction-part.ts";

/** `npm run bench:parts`: what single changes brought, both ways in turn in one process, over the test stores. */
const ROUNDS = 3;

type Measured = { readonly ms: number; readonly cpuMs: number };

const parts = [
  transactionPart,
  snapshotPart,
  paymentEndsPart,
  internalCallPart,
  redisPart,
  outboxPart,
];
for (const open of parts) await compare(await open());
process.exit(0);

async function compare(part: Part): Promise<void> {
  const { before, after } = part.ways;
  // Until code is compiled.
  for (const way of [before, after]) await measure(part, way);
  const rounds: [Measured, Measured][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push([await measure(part, before), await measure(part, after)]);
  }
  console.log(part.name);
  console.log(`  time: ${show(rounds, ({ ms }) => ms)}`);
  console.log(`  CPU time of this thread: ${show(rounds, ({ cpuMs }) => cpuMs)}`);
  await part.stop();
}

async function measure({ count, inFlight }: Part, work: () => Promise<unknown>): Promise<Measured> {
  const startedMs = performance.now();
  const cpu = process.threadCpuUsage();
  await fixedWork({ inFlight, count, work });
  const used = process.threadCpuUsage(cpu);
  const cpuMs = (used.user + used.system) / 1000 / count;
  return { ms: (performance.now() - startedMs) / count, cpuMs };
}

function show(rounds: readonly [Measured, Measured][], of: (side: Measured) => number): string {
  const [before, after] = [0, 1].map((side) =>
    median(rounds.map((round) => of(round[side === 0 ? 0 : 1]))),
  );
  const ratio = median(rounds.map(([first, second]) => of(second) / of(first)));
  return `${before?.toFixed(3)} ms before, ${after?.toFixed(3)} ms after; ratio ${ratio.toFixed(2)}`;
}
