import express, { type Request, type Response } from "express";
import pg from "pg";
import { naiveTables } from "./naive-tables.ts";

/**
 * A booking service as tutorials have it: rows locked with `FOR UPDATE`, the payment provider called before the answer,
 * everything in one database and one transaction. Takes booking-service's place behind the gateway. With
 * `CHARGE_OUTSIDE=true` the provider is called between two transactions, so that no connection waits for it.
 */
const environment = process.env;
const pool = new pg.Pool({ connectionString: environment["DATABASE_URL"], max: 10 });
const chargesOutside = environment["CHARGE_OUTSIDE"] === "true";

type Order = { journeyId: string; seatIds: string[]; leg: number; paymentMethod: string };

const app = express();
app.use(express.json());
app.get("/health/ready", (_request, response) => {
  response.json({ status: "ok" });
});
app.post("/api/bookings", (request, response) => {
  sell(request, response).catch((error: unknown) => response.status(503).json({ error }));
});

const sell = async (request: Request, response: Response): Promise<void> => {
  const order: Order = request.body;
  const client = await pool.connect();
  let open: pg.PoolClient | undefined = client;
  try {
    const userId = userOf(request);
    await client.query("BEGIN");
    const { rows: seats } = await client.query<{ price: number; status: string }>(
      `SELECT price, status FROM seats WHERE journey_id = $1 AND seat_id = ANY ($2) AND leg = $3
       ORDER BY seat_id FOR UPDATE`,
      [order.journeyId, order.seatIds, order.leg],
    );
    if (seats.length === 0 || seats.some(({ status }) => status !== "AVAILABLE")) {
      await client.query("ROLLBACK");
      response.status(409).json({ error: "seat not available" });
      return;
    }
    const amount = seats.reduce((sum, { price }) => sum + price, 0);
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO bookings (user_id, journey_id, seat_ids, amount, status)
       VALUES ($1, $2, $3, $4, 'PENDING') RETURNING id`,
      [userId, order.journeyId, order.seatIds, amount],
    );
    const id = rows[0]?.id ?? 0;
    await client.query(
      "UPDATE seats SET status = 'SOLD', booking_id = $4 WHERE journey_id = $1 AND seat_id = ANY ($2) AND leg = $3",
      [order.journeyId, order.seatIds, order.leg, id],
    );
    if (chargesOutside) {
      await client.query("COMMIT");
      client.release();
      open = undefined;
    }
    await charge(id, amount);
    const database = open ?? pool;
    await database.query("UPDATE bookings SET status = 'CONFIRMED' WHERE id = $1", [id]);
    await database.query("INSERT INTO tickets (booking_id, user_id) VALUES ($1, $2)", [id, userId]);
    await database.query("INSERT INTO notifications (user_id, text) VALUES ($1, 'Booked')", [
      userId,
    ]);
    if (open) await open.query("COMMIT");
    response.status(201).json({ bookingId: id, status: "CONFIRMED", amount });
  } catch (error) {
    await open?.query("ROLLBACK").catch(() => undefined);
    response.status(500).json({ error: String(error) });
  } finally {
    open?.release();
  }
};

const charge = async (bookingId: number, amount: number): Promise<void> => {
  const answer = await fetch(`${environment["PAYMENT_SIMULATOR_URL"]}/v1/charges`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${environment["PAYMENT_PROVIDER_KEY"]}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      reference: `naive-${bookingId}`,
      amount,
      currency: "BDT",
      method: "card",
    }),
  });
  if (!answer.ok) throw new Error(`payment failed: ${answer.status} ${await answer.text()}`);
  await answer.json();
};

/** The gateway's word on who asks, believed without a check. */
const userOf = (request: Request): string => {
  const claims = String(request.headers["x-jatra-identity"] ?? "").split(".")[1] ?? "";
  return JSON.parse(Buffer.from(claims, "base64url").toString()).sub;
};

await pool.query(naiveTables);
const server = app.listen(Number(environment["PORT"]), "127.0.0.1");
server.keepAliveTimeout = 65_000; // as long as a service's
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
