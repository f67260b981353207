import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle, type ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { listNotifications } from "@jatra/contracts/http/notification.ts";
import type { BookingEvent } from "@jatra/contracts/messages/booking-event.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { sampleBookingEvent } from "@jatra/testing/sample-booking-event.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { createApp } from "../../src/app.ts";
import { startBackground } from "../../src/background.ts";
import { createHttpOutlet } from "../../src/delivery/http-outlet.ts";

describe("notifications, from message to list", () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  let rabbit: RabbitConnection;
  let app: TestApp;
  let lifecycle: ManagedLifecycle;
  let outletServer: Server;
  const outletRequests: { key: unknown; body: Record<string, unknown> }[] = [];
  let outletStatus = 202;

  before(async () => {
    outletServer = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const key = request.headers["idempotency-key"];
        outletRequests.push({ key, body: JSON.parse(Buffer.concat(chunks).toString()) });
        response.writeHead(outletStatus).end();
      });
    }).listen(0, "127.0.0.1");
    await once(outletServer, "listening");
    const address = outletServer.address();
    assert.ok(address !== null && typeof address === "object");
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    vhost = await createTestVhost();
    const metrics = createMetrics("notification-service");
    lifecycle = createLifecycle(silentLogger);
    rabbit = connectRabbit({ url: vhost.url, logger: silentLogger, metrics });
    lifecycle.onStop("rabbitmq", rabbit.close);
    const { pool } = database;
    const outlet = createHttpOutlet(`http://127.0.0.1:${address.port}/`, "outlet-token");
    startBackground({ pool, rabbit, outlet, logger: silentLogger, metrics, lifecycle });
    app = await startTestApp(
      createApp({
        pool,
        logger: silentLogger,
        metrics,
        verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
        internalToken: testInternalToken,
        accepting: lifecycle.accepting,
      }),
    );
    await eventually(() => rabbit.isReady());
  });

  after(async () => {
    await app.close();
    await lifecycle.stop();
    await database.drop();
    await vhost.drop();
    outletServer.closeAllConnections();
    outletServer.close();
  });

  const publish = (event: BookingEvent, messageId: string = randomUUID()) =>
    rabbit.publish({
      exchange: "booking.exchange",
      routingKey: event.type,
      messageId,
      type: event.type,
      requestId: "request-1",
      content: event,
    });
  const listOf = async (userId: string, query = "") => {
    const answer = await app.request("GET", `/api/notifications${query}`, { identity: { userId } });
    assert.equal(answer.status, 200);
    const schema = listNotifications.responses[200]?.schema;
    assert.ok(schema);
    schema.parse(answer.body);
    return answer.body as { notifications: Record<string, unknown>[]; nextCursor: string | null };
  };

  it("shows a traveller their own, and nobody else's", async () => {
    const userId = randomUUID();
    const event = sampleBookingEvent({ userId });
    await publish(event);
    const page = await eventually(async () => {
      const { notifications } = await listOf(userId);
      return notifications.length === 1 ? notifications : undefined;
    });
    const { notificationId, deliveries, ...rest } = page[0] ?? {};
    assert.ok(notificationId);
    assert.ok(Array.isArray(deliveries));
    assert.deepEqual(rest, {
      kind: "booking_confirmed",
      title: "Your booking is confirmed",
      body:
        "Subarna Express (701) from Chattogram to Dhaka, 1 Dec 2026, 07:00. " +
        "Seats: KA KA-1, KA KA-2. Paid: BDT 1,710.50.",
      bookingId: event.bookingId,
      at: event.at,
    });
    assert.deepEqual((await listOf(randomUUID())).notifications, []);
    assert.equal((await app.request("GET", "/api/notifications")).status, 401);
  });

  it("tells each kind of a booking once, however often and in whatever order it hears of it", async () => {
    const userId = randomUUID();
    const bookingId = randomUUID();
    const confirmed = sampleBookingEvent({ userId, bookingId });
    const cancelled: BookingEvent = {
      ...confirmed,
      type: "booking.cancelled",
      bookingVersion: 4,
      at: "2026-11-22T13:00:00.000Z",
    };
    const sameMessage = randomUUID();
    await publish(cancelled, sameMessage);
    await publish(cancelled, sameMessage);
    await publish(cancelled);
    await publish(confirmed);
    await eventually(async () => (await listOf(userId)).notifications.length === 2);
    const { notifications } = await listOf(userId);
    assert.deepEqual(
      notifications.map(({ kind }) => kind),
      ["booking_cancelled", "booking_confirmed"],
    );
  });

  it("pages by cursor without gaps or repeats, and refuses a made-up cursor", async () => {
    const userId = randomUUID();
    for (let index = 0; index < 5; index += 1) {
      await publish(sampleBookingEvent({ userId, at: `2026-11-2${index}T12:00:00.000Z` }));
    }
    await eventually(async () => (await listOf(userId)).notifications.length === 5);
    const seen: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await listOf(userId, `?limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...page.notifications.map(({ at }) => at));
      cursor = page.nextCursor;
    }
    const days = [4, 3, 2, 1, 0].map((day) => `2026-11-2${day}T12:00:00.000Z`);
    assert.deepEqual(seen, days);
    const madeUp = await app.request("GET", "/api/notifications?cursor=e30", {
      identity: { userId },
    });
    assert.equal(madeUp.status, 400);
  });

  it("hands e-mail and text message to the outlet, once the phone number is known", async () => {
    const userId = randomUUID();
    await rabbit.publish({
      exchange: "user.exchange",
      routingKey: "user.registered",
      messageId: randomUUID(),
      type: "user.registered",
      requestId: "request-1",
      content: { userId, name: "Nila", email: "nila@example.com", phone: "01712-345678" },
    });
    await eventually(async () => (await listOf(userId)).notifications.length === 1);
    await publish(sampleBookingEvent({ userId, email: "nila@example.com" }));
    await eventually(async () => {
      const { notifications } = await listOf(userId);
      const deliveries = notifications.flatMap((notification) => notification["deliveries"]);
      return deliveries.length === 5 && !JSON.stringify(deliveries).includes("PENDING");
    });
    const sent = outletRequests
      .filter(({ body }) => ["nila@example.com", "01712-345678"].includes(String(body["to"])))
      .map(({ body }) => `${String(body["channel"])}: ${String(body["subject"])}`);
    assert.deepEqual(
      new Set(sent),
      new Set([
        "email: Welcome to Jatra",
        "email: Your booking is confirmed",
        "sms: Your booking is confirmed",
      ]),
    );
  });

  it("keeps what the outlet is too busy for, and sends it again under the same key", async () => {
    outletStatus = 503;
    const event = sampleBookingEvent({ type: "booking.payment_failed", email: "busy@example.com" });
    await publish(event);
    const sentTo = () => outletRequests.filter(({ body }) => body["to"] === "busy@example.com");
    await eventually(() => sentTo().length === 1);
    outletStatus = 202;
    await eventually(async () => {
      await database.pool.query(
        `UPDATE deliveries SET locked_until = now() WHERE status = 'PENDING' AND last_error IS NOT NULL`,
      );
      return sentTo().length === 2;
    });
    assert.equal(new Set(sentTo().map(({ key }) => key)).size, 1);
  });

  it("dead-letters a message of another form", async () => {
    await rabbit.publish({
      exchange: "booking.exchange",
      routingKey: "booking.confirmed",
      messageId: randomUUID(),
      type: "booking.confirmed",
      requestId: "request-1",
      content: { bookingId: "not an event" },
    });
    await eventually(async () => {
      const answer = await vhost.manage(
        "POST",
        "/queues/{vhost}/notification.booking-events.dead-letter.queue/get",
        { count: 1, ackmode: "ack_requeue_true", encoding: "auto" },
      );
      return Array.isArray(answer) && answer.length === 1;
    });
  });
});
