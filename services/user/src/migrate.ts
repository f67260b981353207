import { runMigrations } from "@jatra/common/database/run-migrations.ts";
import { start } from "@jatra/common/service/start.ts";

start(() => runMigrations(new URL("../migrations", import.meta.url).pathname, process.env));
