import { readFileSync } from "node:fs";
import { z } from "zod";

/** Prints where the CPU time of .cpuprofile files went: by package or folder, then by function. */
const frameSchema = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.number(),
});
const profileSchema = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: frameSchema })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
const LINES = 25;
const MICROSECONDS_PER_MS = 1_000;

const files = process.argv.slice(2);
if (files.length === 0 || files.includes("--help")) {
  console.log("Usage: node e2e/bench/report/show-profile.ts <file.cpuprofile> …");
} else for (const file of files) show(file);

function show(file: string): void {
  const { nodes, samples, timeDeltas } = profileSchema.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byPlace = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busyMs = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const ms = (timeDeltas[index] ?? 0) / MICROSECONDS_PER_MS;
    if (!frame || frame.functionName === "(idle)") return;
    busyMs += ms;
    add(byPlace, placeOf(frame), ms);
    add(
      byFunction,
      `${frame.functionName || "(anonymous)"} ${shorten(frame.url)}:${frame.lineNumber + 1}`,
      ms,
    );
  });
  console.log(`${file}: ${Math.round(busyMs)} ms busy`);
  print(byPlace, busyMs);
  print(byFunction, busyMs);
}

function add(sums: Map<string, number>, key: string, ms: number): void {
  sums.set(key, (sums.get(key) ?? 0) + ms);
}

function placeOf({ url, functionName }: z.infer<typeof frameSchema>): string {
  if (url === "") return functionName;
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  return url.startsWith("node:")
    ? url.split("/").slice(0, 2).join("/")
    : (shorten(url).split("/src/")[0] ?? url);
}

function shorten(url: string): string {
  return url.replace(/^file:\/\/.*\/(services|e2e|node_modules)\//, "$1/");
}

function print(sums: ReadonlyMap<string, number>, allMs: number): void {
  const sorted = [...sums].toSorted(([, a], [, b]) => b - a).slice(0, LINES);
  for (const [key, ms] of sorted) {
    console.log(
      `${((ms / allMs) * 100).toFixed(1).padStart(6)} % ${Math.round(ms).toString().padStart(7)} ms  ${key}`,
    );
  }
  console.log("");
}
