import { budgetRefusal } from "../../desired/budget-refusal.ts";
import { connectionBudget } from "../../desired/connection-budget.ts";
import type { Finding, View } from "../view.ts";

/** The services' pools, at their maxima, fit what PgBouncer accepts. */
export function connectionBudgetFits({ platform }: View): Finding {
  const type = "ConnectionBudget";
  const refusal = budgetRefusal(platform);
  if (refusal === undefined) {
    const { clientsNeeded, clientsMax } = connectionBudget(platform);
    const message = `At their maxima the services need ${clientsNeeded} of ${clientsMax} client connections.`;
    return { type, status: "True", reason: "Fits", message };
  }
  return {
    type,
    status: "False",
    reason: refusal.reason,
    message: `${refusal.message} Until then pool, services and autoscalers stay as they are.`,
  };
}
