import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { repository } from "../cluster/folders.ts";
import { goTestProgram } from "../cluster/go-build.ts";
import type { Schedule, Seen } from "./schedule.ts";

const traceSchema = z.array(
  z.object({
    admitted: z.boolean().optional(),
    state: z.enum(["closed", "open", "half-open"]),
    failures: z.int(),
  }),
);

export type Gobreaker = {
  /** What sony/gobreaker did at each step. One schedule at a time. */
  readonly play: (schedule: Schedule) => Promise<Seen[]>;
  readonly stop: () => Promise<void>;
};

/**
 * sony/gobreaker as a program of its own, set up to mean the same as the gateway's circuit. Where the two are different by
 * design, breaker/gobreaker/oracle_test.go maps one to the other; docs/adr/0009 lists where and why.
 */
export const startGobreaker = async (): Promise<Gobreaker> => {
  const program = await goTestProgram(join(repository, "e2e/breaker/gobreaker"), "gobreaker");
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    play: async ({ settings, steps }) => {
      child.stdin.write(`${JSON.stringify({ ...settings, steps })}\n`);
      const line = await lines.next();
      if (line.done) throw new Error("gobreaker's program ended");
      return traceSchema.parse(JSON.parse(line.value)).map(withoutUndefined);
    },
    stop: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
};

const withoutUndefined = ({ admitted, ...rest }: z.infer<typeof traceSchema>[number]): Seen =>
  admitted === undefined ? rest : { admitted, ...rest };
