import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { contentHash } from "../cluster/content-hash.ts";
import { cache, repository } from "../cluster/folders.ts";
import { run } from "../cluster/run-command.ts";
import { buildImage } from "../images/build-image.ts";
import { debianBase } from "../images/debian-base.ts";

const folder = "e2e/hostile";

/** How it is slow: sending headers, sending a body, or reading the answer. */
export type Slowness = "headers" | "body" | "read";

/** What was seen in one second. */
const secondSchema = z.object({
  second: z.int(),
  closed: z.int(),
  connected: z.int(),
  available: z.boolean(),
});
export type Second = z.infer<typeof secondSchema>;

/** The image with slowhttptest from Debian's packages, built once. */
export const slowImage = async (): Promise<string> => {
  const base = await debianBase("trixie");
  const image = `jatra/slowhttptest:${await contentHash(repository, [`${folder}/Dockerfile`], [base])}`;
  await buildImage({ image, context: join(repository, folder), buildArgs: { BASE: base } });
  return image;
};

/** Ten bytes every second or two: each is progress, and none of them is enough. */
const flags: Readonly<Record<Slowness, readonly string[]>> = {
  headers: ["-H", "-i", "1", "-x", "10"],
  body: ["-B", "-i", "1", "-x", "10", "-s", "65536", "-t", "POST"],
  read: ["-X", "-w", "1", "-y", "1", "-n", "2", "-z", "10", "-k", "3"],
};

/** Attacks `url` with `connections` slow clients for `seconds`. It asks for the same itself all the time, and has 5 s of patience. */
export const attackSlowly = async (
  image: string,
  attack: {
    readonly url: string;
    readonly how: Slowness;
    readonly connections: number;
    readonly seconds: number;
  },
): Promise<readonly Second[]> => {
  const { url, how, connections, seconds } = attack;
  const out = cache("slowhttptest");
  // The container's user is nobody in particular.
  chmodSync(out, 0o777);
  const counts = ["-c", String(connections), "-r", String(connections), "-l", String(seconds)];
  const container = ["run", "--rm", "--network=host", `--volume=${out}:/out`, image];
  const target = ["-u", url, "-p", "5", "-g", "-o", `/out/${how}`];
  await run("docker", [...container, "slowhttptest", ...flags[how], ...counts, ...target]);
  return readSeconds(readFileSync(join(out, `${how}.csv`), "utf8"));
};

/** Columns: Seconds,Closed,Pending,Connected,Service Available (the number of connections, or 0). */
export const readSeconds = (csv: string): readonly Second[] =>
  csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [second, closed, , connected, available] = line.split(",").map(Number);
      return secondSchema.parse({ second, closed, connected, available: available !== 0 });
    });
