import { SERVICE_KEYS } from "../../metadata/services.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { withAdmin } from "./admin-session.ts";
import { circuitLines } from "./circuit-table.ts";
import { readCircuits } from "./circuits.ts";

/** `circuits`, `circuits list`, `circuits reset SERVICE`. */
export async function runCircuits(session: Session, operands: readonly string[]): Promise<number> {
  const [verb = "list", service] = operands;
  if (verb === "list" && service === undefined) return await list(session);
  if (verb === "reset" && service !== undefined) return await reset(session, service);
  throw new UsageError("Say circuits list, or circuits reset SERVICE.");
}

async function list(session: Session): Promise<number> {
  const circuits = await withAdmin(session, readCircuits);
  if (session.options.isJson) session.printJson(circuits);
  else session.print(circuitLines(circuits, session.paint));
  return 0;
}

async function reset(session: Session, service: string): Promise<number> {
  if (!SERVICE_KEYS.includes(service)) {
    throw new UsageError(`${service} is no service; there is ${SERVICE_KEYS.join(", ")}.`);
  }
  const path = `/api/admin/circuits/${encodeURIComponent(service)}/reset`;
  const answer = await withAdmin(session, async (call) => await call("POST", path));
  if (session.options.isJson) session.printJson(answer);
  else session.print([`The circuit of ${service} is closed in all gateway pods.`]);
  return 0;
}
