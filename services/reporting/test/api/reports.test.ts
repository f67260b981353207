import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createIdentityVerifier } from "@jatra/common/identity/identity-verifier.ts";
import { connectRabbit, type RabbitConnection } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { reportBookings, reportRevenue, reportTrains } from "@jatra/contracts/http/reporting.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { testIdentityPublicKey, testInternalToken } from "@jatra/testing/test-identity.ts";
import { createTestVhost, type TestVhost } from "@jatra/testing/test-vhost.ts";
import { createApp } from "../../src/app.ts";
import { consumeBookingEvents } from "../../src/consumers/booking-events.ts";
import { createSaleStore } from "../../src/data/sale-store.ts";
import { sampleEvent } from "../sample-events.ts";

describe("reports, from message to table", () => {
  const period = "from=2026-11-20&to=2026-11-21";
  const admin = { userId: "admin-1", role: "admin" } as const;
  let database: TestDatabase;
  let vhost: TestVhost;
  let rabbit: RabbitConnection;
  let app: TestApp;

  const second = {
    train: { number: "702", name: "=HYPERLINK(1)" },
    from: { code: "DHK", name: "Dhaka", at: "2026-12-01T01:00:00.000Z" },
    to: { code: "SYL", name: "Sylhet", at: "2026-12-01T06:00:00.000Z" },
  };
  const cancelledBooking = randomUUID();
  const events = [
    sampleEvent("confirmed"),
    sampleEvent("confirmed", { journeyId: "journey-2" }),
    // 00:30 of the 21st in Dhaka
    sampleEvent("confirmed", { ...second, at: "2026-11-20T18:30:00.000Z" }),
    sampleEvent("failed"),
    sampleEvent("confirmed", { bookingId: cancelledBooking }),
    sampleEvent("refunded", {
      bookingId: cancelledBooking,
      refundedAmount: 112_500,
      at: "2026-11-25T00:00:00.000Z",
    }),
    // outside the period, by a minute
    sampleEvent("confirmed", { at: "2026-11-21T18:01:00.000Z" }),
  ];

  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    vhost = await createTestVhost();
    const metrics = createMetrics("reporting-service");
    const { pool } = database;
    rabbit = connectRabbit({ url: vhost.url, logger: silentLogger, metrics });
    consumeBookingEvents(rabbit, createSaleStore(pool));
    app = await startTestApp(
      createApp({
        pool,
        logger: silentLogger,
        metrics,
        verifyIdentity: createIdentityVerifier(testIdentityPublicKey),
        internalToken: testInternalToken,
        accepting: () => true,
      }),
    );
    await eventually(() => rabbit.isReady());
    for (const event of events) {
      await rabbit.publish({
        exchange: "booking.exchange",
        routingKey: event.type,
        messageId: randomUUID(),
        type: event.type,
        requestId: "request-1",
        content: event,
      });
    }
    await eventually(async () => {
      const { rows } = await pool.query<{ sum: number }>("SELECT sum(booking_version) FROM sales");
      return Number(rows[0]?.sum) === 20;
    });
  });

  after(async () => {
    await app.close();
    await rabbit.close();
    await database.drop();
    await vhost.drop();
  });

  const get = (report: string, query: string, headers: Record<string, string> = {}) =>
    app.request("GET", `/api/reports/${report}?${query}`, { identity: admin, headers });
  const head = { from: "2026-11-20", to: "2026-11-21", timeZone: "Asia/Dhaka" };

  it("counts bookings by local day and present state", async () => {
    const { status, body } = await get("bookings", period);
    assert.equal(status, 200);
    reportBookings.responses[200]?.schema?.parse(body);
    const nothing = { cancelled: 0, refunded: 0, paymentFailed: 0 };
    assert.deepEqual(body, {
      ...head,
      groupBy: "day",
      rows: [
        {
          key: "2026-11-20",
          name: null,
          bookings: 4,
          confirmed: 2,
          paymentFailed: 1,
          cancelled: 0,
          refunded: 1,
          seats: 4,
        },
        { key: "2026-11-21", name: null, bookings: 1, confirmed: 1, ...nothing, seats: 2 },
      ],
      totals: {
        bookings: 5,
        confirmed: 3,
        paymentFailed: 1,
        cancelled: 0,
        refunded: 1,
        seats: 6,
      },
    });
  });

  it("sums what was paid, given back and kept, by route", async () => {
    const { body } = await get("revenue", `${period}&groupBy=route`);
    reportRevenue.responses[200]?.schema?.parse(body);
    assert.deepEqual(body, {
      ...head,
      groupBy: "route",
      currency: "BDT",
      rows: [
        {
          key: "CTG-DHK",
          name: "Chattogram - Dhaka",
          bookings: 3,
          gross: 450_000,
          refunded: 112_500,
          net: 337_500,
        },
        {
          key: "DHK-SYL",
          name: "Dhaka - Sylhet",
          bookings: 1,
          gross: 150_000,
          refunded: 0,
          net: 150_000,
        },
      ],
      totals: { bookings: 4, gross: 600_000, refunded: 112_500, net: 487_500 },
    });
  });

  it("tells the seats that trains have sold, by class", async () => {
    const { body } = await get("trains", `${period}&groupBy=class`);
    reportTrains.responses[200]?.schema?.parse(body);
    const train = { trainNumber: "701", trainName: "Subarna Express", name: null };
    const other = { trainNumber: "702", trainName: "=HYPERLINK(1)", name: null };
    const two = { journeys: 2, bookings: 2, seats: 2 };
    const one = { journeys: 1, bookings: 1, seats: 1 };
    assert.deepEqual(body, {
      ...head,
      groupBy: "class",
      currency: "BDT",
      rows: [
        { ...train, key: "SHOVAN", ...two, fares: 100_000 },
        { ...train, key: "SNIGDHA", ...two, fares: 200_000 },
        { ...other, key: "SHOVAN", ...one, fares: 50_000 },
        { ...other, key: "SNIGDHA", ...one, fares: 100_000 },
      ],
    });
  });

  it("answers every grouping in its documented form", async () => {
    for (const groupBy of ["day", "month", "train", "route"]) {
      const bookings = await get("bookings", `${period}&groupBy=${groupBy}`);
      reportBookings.responses[200]?.schema?.parse(bookings.body);
      const revenue = await get("revenue", `${period}&groupBy=${groupBy}`);
      reportRevenue.responses[200]?.schema?.parse(revenue.body);
    }
    for (const groupBy of ["train", "class", "route"]) {
      const trains = await get("trains", `${period}&groupBy=${groupBy}`);
      reportTrains.responses[200]?.schema?.parse(trains.body);
    }
  });

  it("exports CSV by parameter and by Accept, with formulas defused", async () => {
    const byParameter = await get("trains", `${period}&format=csv`);
    const byHeader = await get("trains", period, { accept: "text/csv, application/json;q=0.5" });
    assert.equal(byParameter.headers["content-type"], "text/csv; charset=utf-8");
    assert.equal(
      byParameter.headers["content-disposition"],
      'attachment; filename="trains-2026-11-20-2026-11-21.csv"',
    );
    assert.equal(
      byParameter.body,
      [
        "trainNumber,trainName,key,name,journeys,bookings,seats,fares,currency",
        "701,Subarna Express,701,Subarna Express,2,2,4,300000,BDT",
        "702,'=HYPERLINK(1),702,'=HYPERLINK(1),1,1,2,150000,BDT",
        "",
      ].join("\r\n"),
    );
    assert.deepEqual(byHeader.body, byParameter.body);
    const outranked = await get("trains", `${period}&format=json`, { accept: "text/csv" });
    assert.equal(outranked.headers["content-type"], "application/json; charset=utf-8");
  });

  it("is for admins only, and refuses periods and groupings that it doesn't know", async () => {
    const path = `/api/reports/revenue?${period}`;
    assert.equal((await app.request("GET", path)).status, 401);
    for (const role of ["customer", "staff"] as const) {
      const answer = await app.request("GET", path, { identity: { userId: "user-1", role } });
      assert.equal(answer.status, 403);
    }
    for (const query of ["from=2026-11-21&to=2026-11-20", "groupBy=class", "from=yesterday"]) {
      assert.equal((await get("revenue", query)).status, 400);
    }
  });

  it("has no rows for a period without sales", async () => {
    const { body } = await get("revenue", "from=2020-01-01&to=2020-01-31");
    assert.deepEqual(body, {
      from: "2020-01-01",
      to: "2020-01-31",
      timeZone: "Asia/Dhaka",
      groupBy: "day",
      currency: "BDT",
      rows: [],
      totals: { bookings: 0, gross: 0, refunded: 0, net: 0 },
    });
  });
});
