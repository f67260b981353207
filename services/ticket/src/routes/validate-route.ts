import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { ok } from "@jatra/common/http/reply.ts";
import { validateTicket } from "@jatra/contracts/http/ticket.ts";
import { validateTicket as validate } from "../domain/validate-ticket.ts";
import type { RouteDependencies } from "./dependencies.ts";

/** `POST /api/tickets/validate`, for the staff at the gate. */
export const validateRoute = (dependencies: RouteDependencies): Route =>
  bind(validateTicket, async ({ body, identity }) => {
    const { validations } = dependencies.metrics;
    try {
      const ticket = await validate(dependencies, {
        qr: body.qr,
        journeyId: body.journeyId,
        staffId: identity.userId,
      });
      validations.inc({ outcome: "admitted" });
      return ok(ticket);
    } catch (error) {
      if (error instanceof Problem) validations.inc({ outcome: error.code });
      throw error;
    }
  });
