import { databaseSecretName, POSTGRES } from "../../metadata/names.ts";
import { readFailures, readJob, readWorkload } from "../read-objects.ts";
import { childNamed, secretFinding, type Finding, type View } from "../view.ts";

/** PostgreSQL answers, and every database and role is there. */
export function databaseReady(view: View): Finding {
  const type = "DatabaseReady";
  const incomplete = secretFinding(view, type, "postgres");
  if (incomplete !== undefined) return incomplete;
  const embedded = view.platform.postgres.embedded !== undefined;
  if (embedded && readWorkload(childNamed(view, "StatefulSet", POSTGRES)).ready === 0) {
    return finding(type, "StoreNotReady", "PostgreSQL doesn't answer yet.");
  }
  const { bootstrapJob } = view;
  if (bootstrapJob === undefined) return givenDatabases(view, type);
  switch (readJob(childNamed(view, "Job", bootstrapJob))) {
    case "complete":
      return {
        type,
        status: "True",
        reason: "DatabasesReady",
        message: "PostgreSQL answers; databases and roles are there.",
      };
    case "failed":
      return finding(
        type,
        "BootstrapFailed",
        `Job ${bootstrapJob} failed: see its log, delete it to try again.`,
      );
    case "absent":
    case "running":
    default:
      return finding(
        type,
        "BootstrapRunning",
        `Databases and roles are being made.${tries(view, bootstrapJob)}`,
      );
  }
}

/** A Job tries for minutes before it gives up: a wrong password should be seen before. */
function tries({ platform, children }: View, bootstrapJob: string): string {
  const failed = readFailures(children.get(`Job/${bootstrapJob}`));
  if (failed === 0) return "";
  const { host, port, secretName = "" } = platform.postgres;
  return (
    ` Failed ${failed} times so far: kubectl logs job/${bootstrapJob} says why. It logs in at ` +
    `${host}:${port} with username and password of Secret ${secretName}.`
  );
}

/** Databases that somebody else has made are there when the services' migrations have got into them. */
function givenDatabases(view: View, type: string): Finding {
  const states = [...view.migrationJobs].map(([service, job]) => ({
    service,
    job,
    state: readJob(childNamed(view, "Job", job)),
    failures: readFailures(childNamed(view, "Job", job)),
  }));
  const failing = states.filter(({ state, failures }) => state === "failed" || failures > 0);
  const stuck = failing.filter(({ state }) => state !== "complete");
  const [first] = stuck;
  if (first !== undefined) {
    const services = stuck.map(({ service }) => service).join(", ");
    const message =
      `The migrations of ${services} don't get through: kubectl logs job/${first.job} says why. ` +
      `It logs in with Secret ${databaseSecretName(first.service)}.`;
    return finding(type, "MigrationFailing", message);
  }
  // Later ones belong to a rollout, which has its own word; tickets are sold meanwhile.
  const isFirst = view.rollout === undefined || view.rollout.phase === "Installing";
  if (isFirst && states.some(({ state }) => state !== "complete")) {
    return finding(type, "MigrationsRunning", "The services' databases are being reached.");
  }
  const message = "PostgreSQL answers; each service's migration got into its database.";
  return { type, status: "True", reason: "DatabasesReached", message };
}

function finding(type: string, reason: string, message: string): Finding {
  return { type, status: "False", reason, message };
}
