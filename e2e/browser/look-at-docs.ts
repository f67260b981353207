import { copyFileSync, chmodSync, statSync } from "node:fs";
import { join } from "node:path";
import { startPlatform } from "../bench/platform/start-platform.ts";
import { Failure } from "../cluster/failure.ts";
import { cache, repository } from "../cluster/folders.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
import { run } from "../cluster/run-command.ts";
import { browserImage } from "./browser-image.ts";

const help = `Usage: node e2e/browser/look-at-docs.ts

Opens /api/docs of a real gateway in Chromium (Debian's, in a container), fails if the page's policy refused it anything or an operation
isn't shown, and writes docs/pictures/api-docs.png.`;

const PICTURE = "docs/pictures/api-docs.png";
/** How Chromium's console words it. */
const violation = /Refused to|violates the following/;
/** A page that breaks its own policy: proves that a violation would be seen. */
const forbiddenStyle =
  "data:text/html,<meta http-equiv=Content-Security-Policy content=style-src%20'self'><style>a{}</style>";
/** Of the page's own time, which runs as fast as the machine can. */
const PAGE_TIME_MS = 20_000;

await runMain(async () => {
  const { values } = parseOptions({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) console.log(help);
  else await lookAtDocs();
});

async function lookAtDocs(): Promise<void> {
  const image = await browserImage();
  if (!violation.test(await open(image, forbiddenStyle, "--dump-dom"))) {
    throw new Failure("Chromium tells of no violation even where there is one.");
  }
  const platform = await startPlatform({ services: ["api-gateway"] });
  try {
    const url = `${platform.url("api-gateway")}/api/docs`;
    const shown = await open(image, url, "--dump-dom");
    const operations = shown.split('class="opblock ').length - 1;
    const refused = shown.split("\n").filter((line) => violation.test(line));
    console.log(`${operations} operations shown, ${refused.length} refusals by the policy`);
    if (refused.length > 0) throw new Failure(refused.join("\n"));
    if (operations === 0) throw new Failure(`The page shows no operation:\n${shown.slice(-2_000)}`);
    await open(image, url, "--screenshot=/out/api-docs.png");
  } finally {
    await platform.stop();
  }
  copyFileSync(join(cache("browser"), "api-docs.png"), join(repository, PICTURE));
  console.log(`${PICTURE}: ${statSync(join(repository, PICTURE)).size} bytes`);
}

/** What Chromium prints: the page's document, and its console beside it. */
async function open(image: string, url: string, what: string): Promise<string> {
  const folder = cache("browser");
  // Chromium in the container is nobody in particular.
  chmodSync(folder, 0o777);
  const container = ["run", "--rm", "--network=host", `--volume=${folder}:/out`, image];
  const browser = ["chromium-headless-shell", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
  const page = ["--window-size=1280,1500", `--virtual-time-budget=${PAGE_TIME_MS}`];
  const all = [...container, "sh", "-c", 'exec "$@" 2>&1', "sh", ...browser, ...page];
  return run("docker", [...all, "--enable-logging=stderr", what, url]);
}
