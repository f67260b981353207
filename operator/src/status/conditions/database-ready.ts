import { POSTGRES } from "../../metadata/names.ts";
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
  switch (readJob(childNamed(view, "Job", view.bootstrapJob))) {
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
        `Job ${view.bootstrapJob} failed: see its log, delete it to try again.`,
      );
    case "absent":
    case "running":
    default:
      return finding(type, "BootstrapRunning", `Databases and roles are being made.${tries(view)}`);
  }
}

/** A Job tries for minutes before it gives up: a wrong password should be seen before. */
function tries({ platform, bootstrapJob, children }: View): string {
  const failed = readFailures(children.get(`Job/${bootstrapJob}`));
  if (failed === 0) return "";
  const { host, port, secretName } = platform.postgres;
  return (
    ` Failed ${failed} times so far: kubectl logs job/${bootstrapJob} says why. It logs in at ` +
    `${host}:${port} with username and password of Secret ${secretName}.`
  );
}

function finding(type: string, reason: string, message: string): Finding {
  return { type, status: "False", reason, message };
}
