import { spawn } from "node:child_process";
import { z } from "zod";
import { goInstall } from "../cluster/go-build.ts";

/** Both are built from the Go module proxy, once a version. */
const KUBECONFORM = "0.8.0";
const KUBE_SCORE = "1.20.0";

const conformReport = z.object({
  resources: z.array(
    z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() }),
  ),
});

/** Every object that the schemas refuse, with the reason; and how many there were. */
export async function conform(
  manifests: string,
  schemas: string,
): Promise<{ count: number; problems: string[] }> {
  const tool = await goInstall("github.com/yannh/kubeconform/cmd/kubeconform", KUBECONFORM);
  const args = ["-strict", "-output", "json", "-verbose", "-schema-location", schemas, "-"];
  const { resources } = conformReport.parse(JSON.parse(await output(tool, args, manifests)));
  return {
    count: resources.length,
    problems: resources
      .filter(({ status }) => status !== "statusValid")
      .map(({ kind, name, status, msg }) => `${kind}/${name}: ${status} ${msg}`),
  };
}

const scoreReport = z.array(
  z.object({
    object_name: z.string(),
    checks: z.array(
      z.object({
        check: z.object({ id: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
        comments: z.array(z.object({ path: z.string(), summary: z.string() })).nullable(),
      }),
    ),
  }),
);

/** kube-score's grade of what is critical; 5 a warning, 7 nearly well, 10 well. */
const CRITICAL = 1;

/**
 * What kube-score calls critical, by check: the objects that it says it of. `ignored` are checks
 * that don't apply, each with its reason where this is called.
 */
export async function score(
  manifests: string,
  ignored: readonly string[],
): Promise<{ count: number; critical: Record<string, string[]> }> {
  const tool = await goInstall("github.com/zegl/kube-score/cmd/kube-score", KUBE_SCORE);
  const skip = ignored.flatMap((check) => ["--ignore-test", check]);
  const args = ["score", "--output-format", "json", "--output-version", "v2", ...skip, "-"];
  const objects = scoreReport.parse(JSON.parse(await output(tool, args, manifests)));
  const critical: Record<string, string[]> = {};
  for (const { object_name: name, checks } of objects) {
    for (const { check, grade, skipped, comments } of checks) {
      if (skipped || grade !== CRITICAL) continue;
      const words = (comments ?? []).map(({ path, summary }) => `${path} ${summary}`.trim());
      (critical[check.id] ??= []).push(`${name}: ${words.join("; ")}`);
    }
  }
  return { count: objects.length, critical };
}

/** What a tool prints, whatever its exit code: a finding is no failure of the tool. */
async function output(tool: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(tool, args, { stdio: ["pipe", "pipe", "inherit"], timeout: 120_000 });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  return Buffer.concat(chunks).toString();
}
