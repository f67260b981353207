import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createDocuments, documentText } from "./documents.ts";
import { loadOperations } from "./load-operations.ts";

const help = `Usage: node services/common/src/openapi/generate.ts [--check]

Writes services/<service>/openapi.json from the contracts in services/contracts/src/http, and the whole public API
to services/api-gateway/openapi.json.

--check  writes nothing; exits with 1 and names the files that are not up to date`;

const { values } = parseArgs({
  options: { help: { type: "boolean", short: "h" }, check: { type: "boolean" } },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const generate = async (check: boolean): Promise<void> => {
  const documents = createDocuments(await loadOperations());
  const outdated: string[] = [];
  for (const [service, document] of documents) {
    const file = new URL(`../../../${service}/openapi.json`, import.meta.url);
    const text = documentText(document);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    outdated.push(`services/${service}/openapi.json`);
    if (!check) writeFileSync(file, text);
  }
  const verb = check ? "out of date" : "written";
  for (const file of outdated) say(`${verb}: ${file}`);
  say(`${documents.size} documents, ${outdated.length} ${verb}.`);
  if (check && outdated.length > 0) process.exitCode = 1;
};

if (values.help) say(help);
else await generate(values.check ?? false);
