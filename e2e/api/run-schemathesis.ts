import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Failure } from "../cluster/failure.ts";
import { cache, cacheFolder } from "../cluster/folders.ts";
import { CommandFailed, run } from "../cluster/run-command.ts";

const VERSION = "4.32.5";

/** Schemathesis from PyPI in an environment of its own, made once for each version. */
const install = async (): Promise<string> => {
  const folder = join(cacheFolder, `schemathesis-${VERSION}`);
  const program = join(folder, "bin", "schemathesis");
  const finished = join(folder, "finished");
  if (existsSync(finished)) return program;
  const logFile = join(cache("logs"), "schemathesis.log");
  await rm(folder, { recursive: true, force: true });
  try {
    // A venv knows its own path, so it can't be made elsewhere and moved: a file says that it is complete.
    await run("python3", ["-m", "venv", folder], { logFile });
    const packages = ["install", "--quiet", `schemathesis==${VERSION}`];
    await run(join(folder, "bin", "pip"), packages, { logFile });
    await run("touch", [`${finished}.new`]);
    await rename(`${finished}.new`, finished);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Failure(
      `Schemathesis can't be installed (Python 3.10 with venv is needed): see ${logFile}.`,
    );
  }
  return program;
};

/** What an answer is held against; a request that was wrong on purpose must be refused, too. */
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];

/** Holds the gateway against its OpenAPI document; prints what it found. Answers whether all is as documented. */
export const runSchemathesis = async (options: {
  readonly gatewayUrl: string;
  readonly token: string;
  readonly preparedFile: string;
  readonly reportFolder: string;
  readonly examples: number;
}): Promise<boolean> => {
  const program = await install();
  const child = spawn(
    program,
    [
      "run",
      `${options.gatewayUrl}/api/docs/openapi.json`,
      `--header=Authorization: Bearer ${options.token}`,
      `--max-examples=${options.examples}`,
      `--checks=${checks.join(",")}`,
      "--phases=examples,coverage,fuzzing",
      "--workers=2",
      "--continue-on-failure",
      "--no-shrink",
      "--suppress-health-check=all",
      "--request-timeout=20",
      "--warnings=off",
      "--report=junit,ndjson",
      `--report-dir=${options.reportFolder}`,
      // The same cases every time.
      "--seed=20261201",
    ],
    {
      stdio: "inherit",
      // It keeps what it found in the folder that it runs in.
      cwd: options.reportFolder,
      env: {
        PATH: process.env["PATH"],
        HOME: options.reportFolder,
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: "1",
        SCHEMATHESIS_HOOKS: "hooks",
        JATRA_PREPARED_REQUESTS: options.preparedFile,
      },
    },
  );
  const [code] = await once(child, "exit");
  return code === 0;
};
