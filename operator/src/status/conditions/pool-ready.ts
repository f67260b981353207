import { PGBOUNCER } from "../../metadata/names.ts";
import { readWorkload } from "../read-objects.ts";
import { childNamed, type Finding, type View } from "../view.ts";

/** PgBouncer accepts connections. */
export function poolReady(view: View): Finding {
  const pool = readWorkload(childNamed(view, "Deployment", PGBOUNCER));
  const isReady = pool.desired > 0 && pool.ready >= pool.desired;
  return {
    type: "PoolReady",
    status: isReady ? "True" : "False",
    reason: isReady ? "PoolReady" : "PoolNotReady",
    message: `${pool.ready} of ${pool.desired} PgBouncer pods are ready.`,
  };
}
