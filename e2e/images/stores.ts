import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
import { startStores, stopStores } from "./store-containers.ts";

const help = `Usage: node e2e/images/stores.ts up|down

up    starts PostgreSQL, PgBouncer, Redis and RabbitMQ for tests in containers on 127.0.0.1, or finds them
      running, and prints their addresses as JSON
down  removes the containers`;

await runMain(async () => {
  const { positionals, values } = parseOptions({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  const [command] = positionals;
  if (values.help) console.log(help);
  else if (command === "up") console.log(JSON.stringify(await startStores(), undefined, 2));
  else if (command === "down") await stopStores();
  else throw new Failure(help);
});
