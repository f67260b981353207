import type { Metrics } from "@jatra/common/metrics/metrics.ts";
import { Counter } from "prom-client";

export type TicketMetrics = {
  /** issued, voided */
  readonly changes: Counter<"kind">;
  /** admitted, or the code of the refusal */
  readonly validations: Counter<"outcome">;
};

export const createTicketMetrics = ({ registry }: Metrics): TicketMetrics => ({
  changes: new Counter({
    name: "tickets_changed_total",
    help: "Tickets issued and voided by booking events",
    labelNames: ["kind"],
    registers: [registry],
  }),
  validations: new Counter({
    name: "ticket_validations_total",
    help: "Tickets shown at gates by outcome: admitted, or the code of the refusal",
    labelNames: ["outcome"],
    registers: [registry],
  }),
});
