import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { repository } from "../../cluster/folders.ts";
import type { Row } from "../row.ts";
import type { Machine } from "./describe-machine.ts";

const path = fileURLToPath(new URL("../results/latest.json", import.meta.url));

const rowSchema = z.object({
  id: z.string(),
  what: z.string(),
  value: z.number(),
  unit: z.string(),
  against: z.array(z.object({ name: z.string(), value: z.number() })),
  ratio: z.number().nullable(),
  goal: z.string(),
  met: z.boolean(),
  at: z.string(),
  notes: z.array(z.string()),
});
type StoredRow = z.infer<typeof rowSchema>;

/** The rows of earlier runs; none where there is no file yet. */
export const readResults = (): readonly StoredRow[] => {
  try {
    const text = readFileSync(path, "utf8");
    return z.object({ rows: z.array(rowSchema) }).parse(JSON.parse(text)).rows;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
};

/** Rows of this run replace those of the same bench; each says when it was measured. Answers the path. */
export const writeResults = (
  machine: Machine,
  earlier: readonly StoredRow[],
  rows: readonly Row[],
): string => {
  const at = new Date().toISOString();
  const kept = earlier.filter((old) => !rows.some(({ id }) => id === old.id));
  const all = [...kept, ...rows.map((row) => ({ ...row, at }))];
  all.sort((a, b) => a.id.localeCompare(b.id));
  mkdirSync(dirname(path), { recursive: true });
  const { summary: _summary, ...told } = machine;
  writeFileSync(path, `${JSON.stringify({ at, machine: told, rows: all }, undefined, 2)}\n`);
  return relative(repository, path);
};
