import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { createLifecycle, type ManagedLifecycle } from "@jatra/common/service/serve.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { startTestApp, type TestApp } from "@jatra/testing/test-app.ts";
import { createTestDatabase, type TestDatabase } from "@jatra/testing/test-database.ts";
import { compose } from "../../src/compose.ts";
import { configSchema } from "../../src/config.ts";

type Answer = Readonly<Record<string, string>>;

describe("SSLCommerz's wire format", () => {
  let database: TestDatabase;
  let lifecycle: ManagedLifecycle;
  let app: TestApp;
  const login = { store_id: "store", store_passwd: "password" };

  before(async () => {
    database = await createTestDatabase({ folder: new URL("../../migrations", import.meta.url) });
    lifecycle = createLifecycle(silentLogger);
    const config = configSchema.parse({
      DATABASE_URL: database.url,
      PAYMENT_PROVIDER_KEY: "store:password",
      PAYMENT_WEBHOOK_SECRET: "test-webhook-secret",
      PAYMENT_SERVICE_URL: "http://127.0.0.1:1",
    });
    const metrics = createMetrics("payment-simulator");
    app = await startTestApp(compose(config, { logger: silentLogger, metrics, lifecycle }));
  });
  after(async () => {
    await app.close();
    await lifecycle.stop();
    await database.drop();
  });

  const post = async (path: string, form: Record<string, string>): Promise<unknown> =>
    (
      await app.request("POST", `/sslcommerz${path}`, {
        body: new URLSearchParams(form).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      })
    ).body;
  const validator = async (file: string, fields: Record<string, string>): Promise<Answer> => {
    const query = new URLSearchParams({ ...login, ...fields }).toString();
    const answer = await app.request("GET", `/sslcommerz/validator/api/${file}?${query}`);
    return answer.body as Answer;
  };
  const merchantApi = (fields: Record<string, string>) =>
    validator("merchantTransIDvalidationAPI.php", fields);

  const sessionForm = (changes: Record<string, string> = {}): Record<string, string> => ({
    ...login,
    total_amount: "1250.50",
    currency: "BDT",
    tran_id: randomUUID().slice(0, 30),
    success_url: "http://merchant.invalid/success?a=1&b=2",
    fail_url: "http://merchant.invalid/fail",
    cancel_url: "http://merchant.invalid/cancel",
    product_name: "Tickets",
    product_category: "travel",
    product_profile: "general",
    shipping_method: "NO",
    cus_name: "A <b>Payer</b>",
    cus_email: "payer@merchant.invalid",
    cus_add1: "Dhaka",
    cus_city: "Dhaka",
    cus_country: "Bangladesh",
    cus_phone: "01700000000",
    ...changes,
  });
  const open = async (changes: Record<string, string> = {}): Promise<Answer> =>
    (await post("/gwprocess/v4/api.php", sessionForm(changes))) as Answer;
  const pagePath = (session: Answer): string =>
    new URL(session["GatewayPageURL"] ?? "").pathname.replace("/sslcommerz", "");

  it("opens no session for another store, missing fields, or an amount it doesn't take", async () => {
    const refused = [
      await open({ store_passwd: "guess" }),
      await open({ cus_email: "" }),
      await open({ total_amount: "9.99" }),
      await open({ total_amount: "12.345" }),
      await open({ tran_id: "x".repeat(31) }),
      await open({ currency: "USD" }),
    ];
    assert.deepEqual(
      refused.map((answer) => answer["status"]),
      Array.from({ length: 6 }, () => "FAILED"),
    );
    assert.equal(
      (await merchantApi({ tran_id: "x", store_id: "other" }))["APIConnect"],
      "INVALID_REQUEST",
    );
  });

  it("leads from the page over validation to a refund", async () => {
    const tran_id = "order-1";
    const session = await open({ tran_id });
    assert.equal(session["status"], "SUCCESS");
    assert.deepEqual(await merchantApi({ tran_id }), {
      APIConnect: "DONE",
      no_of_trans_found: 0,
      element: [],
    });
    const back = String(await post(pagePath(session), { decision: "approve" }));
    assert.match(back, /action="http:\/\/merchant\.invalid\/success\?a=1&amp;b=2"/);
    const val_id = /name="val_id" value="([^"]+)"/.exec(back)?.[1] ?? "";
    const first = await validator("validationserverAPI.php", { val_id });
    assert.deepEqual(
      [first["status"], first["tran_id"], first["currency_amount"], first["currency_type"]],
      ["VALID", tran_id, "1250.50", "BDT"],
    );
    assert.equal((await validator("validationserverAPI.php", { val_id }))["status"], "VALIDATED");
    const refund = {
      bank_tran_id: first["bank_tran_id"] ?? "",
      refund_trans_id: "refund-1",
      refund_amount: "1000.00",
      refund_remarks: "cancelled",
    };
    const begun = await merchantApi(refund);
    assert.equal(begun["status"], "success");
    assert.deepEqual(await merchantApi(refund), begun);
    const state = await merchantApi({ refund_ref_id: begun["refund_ref_id"] ?? "" });
    assert.equal(state["status"], "refunded");
    const more = await merchantApi({ ...refund, refund_trans_id: "refund-2" });
    assert.equal(more["status"], "failed");
  });

  it("takes a payer's decision once", async () => {
    const tran_id = "order-2";
    const session = await open({ tran_id });
    await post(pagePath(session), { decision: "decline" });
    assert.match(
      String(await post(pagePath(session), { decision: "approve" })),
      /has ended: FAILED/,
    );
    const { element } = (await merchantApi({ tran_id })) as unknown as { element: Answer[] };
    assert.deepEqual(
      element.map((transaction) => transaction["status"]),
      ["FAILED"],
    );
  });

  it("shows no page for an unknown session", async () => {
    assert.equal((await app.request("GET", "/sslcommerz/gw/unknown")).status, 404);
  });
});
