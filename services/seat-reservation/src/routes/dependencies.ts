import type pg from "pg";
import type { HoldBatches } from "../data/hold-batches.ts";
import type { JourneySource } from "../domain/journey-plan.ts";
import type { LockStore } from "../domain/lock-store.ts";
import type { SeatMarkers } from "../domain/seat-markers.ts";
import type { SeatMetrics } from "../seat-metrics.ts";

export type SeatLockSettings = {
  readonly ttlSeconds: number;
  readonly seatsMax: number;
  readonly maxHoldSeconds: number;
  readonly guestHolds: boolean;
};

export type RouteDependencies = {
  readonly pool: pg.Pool;
  readonly holdBatches: HoldBatches;
  readonly journeys: JourneySource;
  readonly locks: LockStore;
  readonly markers: SeatMarkers;
  readonly metrics: SeatMetrics;
  readonly settings: SeatLockSettings;
};
