import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { contentHash } from "../../cluster/content-hash.ts";
import { cache, repository } from "../../cluster/folders.ts";
import { goBuildPinned } from "../../cluster/go-build.ts";
import { run } from "../../cluster/run-command.ts";
import type { History } from "./history.ts";

const folder = "e2e/chaos/linearizability/checker";

const verdictSchema = z.object({
  verdict: z.enum(["linearizable", "not linearizable", "undecided"]),
  operations: z.int(),
  journeys: z.int(),
  open: z.int(),
  refusalsHeld: z.int(),
  refusalsExcused: z.int(),
  unexplained: z.record(z.string(), z.array(z.string())),
  pictures: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** Builds the checker into the cache, once for each state of its source; answers its file. */
export const buildChecker = async (): Promise<string> => {
  const hash = await contentHash(repository, [folder]);
  const file = join(cache("go"), `linearizability-${hash}`);
  if (existsSync(file)) return file;
  // Under another name first: a build that is broken off leaves nothing that looks like the checker.
  const unfinished = `${file}-${process.pid}`;
  await goBuildPinned(join(repository, folder), ["."], unfinished);
  await rename(unfinished, file);
  return file;
};

/**
 * Asks Porcupine whether the history has a linearization. Throws where the history can't be read.
 * Unless `keepRefused` is false, a history without one, or that can't be read, stays in a folder of
 * its own, with a picture of each journey that has none.
 */
export const checkHistory = async (
  history: History,
  {
    limitSeconds = 60,
    keepRefused = true,
  }: { readonly limitSeconds?: number; readonly keepRefused?: boolean } = {},
): Promise<Verdict & { readonly folder: string }> => {
  const kept = await mkdtemp(join(tmpdir(), "jatra-history-"));
  let keep = keepRefused;
  try {
    const json = JSON.stringify(history);
    await writeFile(join(kept, "history.json"), json);
    const args = ["-limit", `${limitSeconds}s`, "-pictures", kept];
    const answer = await run(await buildChecker(), args, { input: json });
    const verdict = verdictSchema.parse(JSON.parse(answer));
    if (verdict.verdict === "linearizable") keep = false;
    return { ...verdict, folder: kept };
  } finally {
    if (!keep) await rm(kept, { recursive: true });
  }
};
