import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, repository } from "../../cluster/folders.ts";
import { run } from "../../cluster/run-command.ts";

/** A commit's files with packages to run them: `remove` takes them away again. */
export type WorkingCopy = {
  readonly root: string;
  readonly commit: string;
  readonly remove: () => Promise<void>;
};

/**
 * The services as they were at `reference` (anything that git understands), in a worktree of its own. Packages of others are
 * those of this working copy; the workspaces' links lead into the worktree.
 */
export const checkOut = async (reference: string): Promise<WorkingCopy> => {
  const git = (...args: string[]): Promise<string> => run("git", ["-C", repository, ...args]);
  const commit = (await git("rev-parse", "--short", `${reference}^{commit}`)).trim();
  const root = join(cacheFolder, "bench", "worktrees", commit);
  const remove = async (): Promise<void> => {
    if (existsSync(root)) await git("worktree", "remove", "--force", root);
  };
  await remove();
  await git("worktree", "add", "--detach", root, commit);
  linkPackages(join(repository, "node_modules"), join(root, "node_modules"));
  return { root, commit, remove };
};

const linkPackages = (from: string, to: string): void => {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, "@jatra"), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== "@jatra") symlinkSync(join(from, name), join(to, name));
  }
  // npm's links are relative (../../services/common), so that they lead into whichever tree they stand in.
  for (const name of readdirSync(join(from, "@jatra"))) {
    symlinkSync(readlinkSync(join(from, "@jatra", name)), join(to, "@jatra", name));
  }
};
