import type { Queryable } from "@jatra/common/database/queryable.ts";

/** I9, as far as ticket_db can see it: tickets that are good for a journey whose booking is void. */
export const countGoodTicketsOfVoid = async (database: Queryable): Promise<number> => {
  const { rows } = await database.query<{ count: number }>(
    `SELECT count(*) FROM ticket_bookings JOIN tickets USING (booking_id)
     WHERE void AND state <> 'VOID'`,
  );
  return rows[0]?.count ?? 0;
};
