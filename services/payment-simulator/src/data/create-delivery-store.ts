import type { Queryable } from "@jatra/common/database/queryable.ts";
import type { Entry } from "../domain/entry.ts";
import { parseEntry } from "./create-ledger.ts";

export type Delivery = { readonly deliveryId: number; readonly entry: Entry };

export type DeliveryStore = {
  /** Takes due deliveries and postpones each (1, 2, 4 … 15 s), in case the process dies with them. */
  readonly lease: (limit: number) => Promise<Delivery[]>;
  readonly remove: (deliveryIds: readonly number[]) => Promise<void>;
  /** Gives up on what was refused too often; answers how many. The ledger still has the charge. */
  readonly removeHopeless: (attemptsMax: number) => Promise<number>;
};

/** Webhooks that wait for their merchant to take them. */
export const createDeliveryStore = (database: Queryable): DeliveryStore => ({
  lease: async (limit) => {
    const { rows } = await database.query<{ delivery_id: number }>({
      name: "deliveries-lease",
      text: `WITH due AS MATERIALIZED (
               SELECT delivery_id FROM deliveries WHERE due_at <= now()
               ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
             UPDATE deliveries d SET attempts = attempts + 1,
                    due_at = now() + least(2 ^ d.attempts, 15) * interval '1 second'
             FROM due, entries e WHERE d.delivery_id = due.delivery_id AND e.sequence = d.sequence
             RETURNING d.delivery_id, e.sequence, e.kind, e.id, e.reference,
                       e.charge_reference AS "chargeReference", e.status, e.amount, e.currency,
                       e.reason, e.at`,
      values: [limit],
    });
    return rows.map((row) => ({ deliveryId: row.delivery_id, entry: parseEntry(row) }));
  },
  remove: async (deliveryIds) => {
    await database.query("DELETE FROM deliveries WHERE delivery_id = ANY($1::bigint[])", [
      deliveryIds,
    ]);
  },
  removeHopeless: async (attemptsMax) => {
    const { rowCount } = await database.query("DELETE FROM deliveries WHERE attempts >= $1", [
      attemptsMax,
    ]);
    return rowCount ?? 0;
  },
});
