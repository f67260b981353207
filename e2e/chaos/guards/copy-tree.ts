import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A copy of the working tree's own files below the system's temporary folder. Installed packages are linked, not copied; those of
 * the workspaces to the copy's folders, so that a change there is what the tests load.
 */
export const copyTree = (root: string): string => {
  const copy = mkdtempSync(join(tmpdir(), "jatra-guards-"));
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" });
  // What was deleted and not committed isn't there to copy.
  for (const file of listed
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyOne(join(root, file), join(copy, file));
  }
  linkPackages(root, copy);
  return copy;
};

const linkPackages = (root: string, copy: string): void => {
  const installed = join(root, "node_modules");
  mkdirSync(join(copy, "node_modules", "@jatra"), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== "@jatra") symlinkSync(join(installed, name), join(copy, "node_modules", name));
  }
  // npm's links into the workspaces are relative: copied as they are, they lead into the copy.
  const workspaces = join(installed, "@jatra");
  for (const name of readdirSync(workspaces)) {
    copyOne(join(workspaces, name), join(copy, "node_modules", "@jatra", name));
  }
};

/** A file, or a link as it is. */
const copyOne = (from: string, to: string): void => {
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileSync(from, to);
};
