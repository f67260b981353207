import { join } from "node:path";
import { z } from "zod";
import { repository } from "../cluster/folders.ts";
import { run } from "../cluster/run-command.ts";

const stepSchema = z.object({ name: z.string(), args: z.array(z.unknown()) });
const callSchema = z.object({
  name: z.string(),
  args: z.array(z.unknown()),
  named: z.record(z.string(), z.unknown()),
});
const buildSchema = z.object({
  command: z.string(),
  deps: z.array(z.string()),
  live_update: z.array(stepSchema).default([]),
});

export type TiltCall = z.infer<typeof callSchema>;
export type TiltBuild = z.infer<typeof buildSchema>;

/** Evaluates the Tiltfile as Tilt would against `context`, and answers the calls of Tilt's built-ins in their order. */
export const evaluateTiltfile = async (context: string): Promise<TiltCall[]> => {
  const json = await run("go", ["run", "-mod=readonly", ".", join(repository, "Tiltfile")], {
    cwd: join(repository, "e2e/tilt"),
    env: { TILT_CONTEXT: context },
  });
  return z.array(callSchema).parse(JSON.parse(json));
};

/** How the Tiltfile builds an image and which paths it copies into the running pod; throws where it doesn't. */
export const buildOf = (
  calls: readonly TiltCall[],
  image: string,
): TiltBuild & { syncs: [from: string, to: string][] } => {
  const call = calls.find(({ name, args }) => name === "custom_build" && args[0] === image);
  if (!call) throw new Error(`the Tiltfile doesn't build ${image}`);
  const build = buildSchema.parse(call.named);
  const syncs = build.live_update.filter(({ name }) => name === "sync");
  const pairs = syncs.map(({ args }) => z.tuple([z.string(), z.string()]).parse(args));
  return { ...build, syncs: pairs };
};
