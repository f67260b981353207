import { fileURLToPath } from "node:url";
import { runMigrations } from "@jatra/common/database/run-migrations.ts";
import { start } from "@jatra/common/service/start.ts";

start(() => runMigrations(fileURLToPath(new URL("../migrations", import.meta.url)), process.env));
