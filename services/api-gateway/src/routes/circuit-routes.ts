import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { listCircuits, resetCircuit } from "@jatra/contracts/http/api-gateway.ts";
import type { CircuitBoard } from "../breaker/circuit-board.ts";
import type { Circuits } from "../breaker/create-circuits.ts";

/** `GET /api/circuits` and the reset, for admins. */
export const circuitRoutes = (circuits: Circuits, board: CircuitBoard): readonly Route[] => [
  bind(listCircuits, async () => ok(await board.read())),
  bind(resetCircuit, async ({ params, identity, logger }) => {
    const circuit = circuits.get(params.service);
    if (!circuit) throw new Problem("not_found", { detail: "There is no such circuit." });
    circuit.reset();
    logger.info({ circuit: params.service, userId: identity.userId }, "circuit was reset");
    return ok({ service: params.service, state: "closed" });
  }),
];
