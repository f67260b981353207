import type { TicketSigner } from "../domain/ticket-signer.ts";
import type { TicketStore } from "../domain/ticket-store.ts";
import type { TicketMetrics } from "../ticket-metrics.ts";

export type RouteDependencies = {
  readonly tickets: TicketStore;
  readonly signer: TicketSigner;
  readonly metrics: TicketMetrics;
};
