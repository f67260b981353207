import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { api, signIn, type Answer } from "./support/api.ts";
import { kubectl } from "./support/kubectl.ts";

const hold = async (token: string, seatId: string): Promise<string> => {
  const answer = await api("POST", "/api/seats/locks/acquire", {
    token,
    body: { journeyId: "test-journey", seatIds: [seatId] },
  });
  assert.equal(answer.status, 201, answer.text);
  return String(answer.body["lockId"]);
};

const book = (token: string, key: string, lockId: string, name: string): Promise<Answer> =>
  api("POST", "/api/bookings", {
    token,
    headers: { "Idempotency-Key": key },
    body: { lockId, passengers: [{ name }], paymentMethod: "card" },
  });

describe("the same booking request twice, with an Idempotency-Key", () => {
  it("runs once and answers the same bytes; another body under the key is refused", async () => {
    const { token } = await signIn();
    const lockId = await hold(token, "seat-11");
    const key = randomUUID();
    const first = await book(token, key, lockId, "Passenger One");
    const second = await book(token, key, lockId, "Passenger One");
    assert.equal(first.status, 202, first.text);
    assert.deepEqual([second.status, second.text], [first.status, first.text]);
    assert.equal(second.headers.get("idempotent-replayed"), "true");
    assert.equal(first.headers.get("idempotent-replayed"), null);
    assert.equal((await book(token, key, lockId, "Somebody Else")).status, 422);

    const keys = await kubectl("exec", "deploy/redis", "--", "redis-cli", "KEYS", "idempotency:*");
    assert.match(keys, new RegExp(`idempotency:client:${key}`));
    const name = `idempotency:client:${key}`;
    const cached = await kubectl("exec", "deploy/redis", "--", "redis-cli", "GET", name);
    assert.match(cached, /PAYMENT_PENDING/);
  });

  it("is scoped: another user's same key is another request", async () => {
    const [one, two] = await Promise.all([signIn(), signIn()]);
    const key = randomUUID();
    const first = await book(one.token, key, await hold(one.token, "seat-12"), "One");
    const other = await book(two.token, key, await hold(two.token, "seat-13"), "Two");
    assert.deepEqual([first.status, other.status], [202, 202]);
    assert.notEqual(first.body["bookingId"], other.body["bookingId"]);
  });
});
