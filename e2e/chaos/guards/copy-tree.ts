import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
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
  for (const file of listed.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    // Links stay links; what was deleted and not committed isn't there to copy.
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true, force: true });
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
    const to = join(copy, "node_modules", "@jatra", name);
    cpSync(join(workspaces, name), to, { verbatimSymlinks: true });
  }
};
