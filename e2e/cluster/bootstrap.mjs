// Runs under Node 20 on a bare clone, before anything is installed: hence plain JavaScript without dependencies.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
const node = join(root, "node_modules/node/bin/node");

/** Installs dependencies where they are missing or not those of the lockfile, then runs `script` under Node 24. */
export async function bootstrap(script, usage) {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    return;
  }
  // The child hears Ctrl-C as well and ends in its own way; this process waits for its exit code.
  process.on("SIGINT", () => undefined);
  if (!dependenciesMatch()) {
    console.error("Installing dependencies (npm ci, about 1 min)…");
    const code = await run("npm", ["ci", "--no-progress"]);
    if (code !== 0 || !existsSync(node)) {
      console.error(
        "npm could not install the dependencies: see the messages above, then run this again.",
      );
      process.exitCode = code || 1;
      return;
    }
  }
  process.exitCode = await run(node, [join(root, "e2e/cluster", script), ...args]);
}

/** Compares what npm says it installed with the lockfile: times of files say nothing after a clone or a pull. */
function dependenciesMatch() {
  const installedFile = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedFile) || !existsSync(node)) return false;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.link) return true;
    if (!installed[path]) return entry.optional === true || entry.devOptional === true;
    return installed[path].version === entry.version;
  });
}

function run(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit" });
    child.on("error", (error) => {
      console.error(`${command} can't be run: ${error.message}`);
      done(1);
    });
    child.on("close", (code, signal) => done(signal ? 130 : (code ?? 1)));
  });
}
