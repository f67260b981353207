import { parseArgs } from "node:util";
import { Failure } from "../cluster/failure.ts";
import { say } from "../cluster/progress.ts";
import { startStores, stopStores } from "./store-containers.ts";

const help = `Usage: node e2e/images/stores.ts up|down

up    starts PostgreSQL, PgBouncer, Redis and RabbitMQ for tests in containers on 127.0.0.1, or finds them
      running, and prints their addresses as JSON
down  removes the containers`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", short: "h" } },
});
const [command] = positionals;

try {
  if (values.help) console.log(help);
  else if (command === "up") console.log(JSON.stringify(await startStores(), undefined, 2));
  else if (command === "down") await stopStores();
  else throw new Failure(help);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
