import { POSTGRES } from "../../metadata/names.ts";
import { readJob, readWorkload } from "../read-objects.ts";
import { childNamed, type Finding, type View } from "../view.ts";

/** PostgreSQL answers, and every database and role is there. */
export function databaseReady(view: View): Finding {
  const type = "DatabaseReady";
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
      return finding(type, "BootstrapRunning", "Databases and roles are being made.");
  }
}

function finding(type: string, reason: string, message: string): Finding {
  return { type, status: "False", reason, message };
}
