import { z } from "zod";
import type { AdminCall } from "./admin-session.ts";

const answer = z.object({
  complete: z.boolean(),
  pods: z.array(
    z.object({
      pod: z.string(),
      circuits: z.array(
        z.object({
          service: z.string(),
          state: z.enum(["closed", "open", "half_open"]),
          failures: z.int(),
          probeInMs: z.int(),
        }),
      ),
    }),
  ),
});

export type Circuits = z.infer<typeof answer>;

/** The circuit breakers of all gateway pods. */
export async function readCircuits(call: AdminCall): Promise<Circuits> {
  return answer.parse(await call("GET", "/api/admin/circuits"));
}
