import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import { accessToken } from "@jatra/contracts/identity.ts";
import { jwks, login } from "@jatra/contracts/http/auth.ts";
import type { TestAnswer } from "@jatra/testing/test-app.ts";
import { whileLocked } from "@jatra/testing/while-locked.ts";
import { startAuth, type AuthFixture } from "../auth-fixture.ts";

const tokensSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresIn: z.literal(900),
  user: z.object({ id: z.uuid(), name: z.string(), role: z.string() }),
});
const problemSchema = z.object({ code: z.string(), status: z.number() });
const codeOf = (answer: TestAnswer): string => problemSchema.parse(answer.body).code;

describe("the API of auth", () => {
  let auth: AuthFixture;
  let count = 0;
  before(async () => {
    auth = await startAuth();
  });
  after(() => auth.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    auth.app.request("POST", `/api/auth/${path}`, { body, headers });
  const person = () => {
    count += 1;
    const email = `person-${count}@example.com`;
    return { name: `Person ${count}`, email, phone: "+880 1712-345678", password: "long enough" };
  };
  const registered = async () => {
    const who = person();
    const answer = await post("register", who);
    assert.equal(answer.status, 201);
    return { ...who, ...z.object({ userId: z.uuid() }).parse(answer.body) };
  };
  const signedIn = async () => {
    const who = await registered();
    const answer = await post("login", { email: who.email, password: who.password });
    assert.equal(answer.status, 200);
    return { who, tokens: tokensSchema.parse(answer.body) };
  };

  it("opens an account and writes its event in the same transaction", async () => {
    const who = await registered();
    const { rows } = await auth.database.pool.query<{ exchange: string; content: unknown }>(
      "SELECT exchange, content FROM outbox WHERE routing_key = 'user.registered' AND content->>'userId' = $1",
      [who.userId],
    );
    const { userId, name, email, phone } = who;
    assert.deepEqual(rows, [
      { exchange: "user.exchange", content: { userId, name, email, phone } },
    ]);
  });

  it("opens one account when the same address registers many times at once, in any spelling", async () => {
    const who = person();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        post("register", i % 2 ? who : { ...who, email: ` ${who.email.toUpperCase()} ` }),
      ),
    );
    assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
    assert.equal(answers.filter((answer) => answer.status === 409).length, 11);
    const { rows } = await auth.database.pool.query(
      "SELECT 1 FROM outbox WHERE content->>'email' = $1",
      [who.email],
    );
    assert.equal(rows.length, 1);
  });

  it("refuses bodies that are not of the documented form", async () => {
    const who = person();
    const wrong = [
      { ...who, email: "not-an-address" },
      { ...who, password: "short" },
      { ...who, password: "x".repeat(129) },
      { ...who, name: "  " },
      { ...who, name: "line\nbreak" },
      { ...who, phone: "call me" },
      { name: who.name },
      [],
    ];
    for (const body of wrong) {
      const answer = await post("register", body);
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), "validation_failed");
    }
    assert.equal(codeOf(await post("login", "{")), "malformed_json");
  });

  it("signs in with an access token that the published keys verify", async () => {
    const { who, tokens } = await signedIn();
    const keys = await auth.app.request("GET", jwks.path);
    const { payload, protectedHeader } = await jwtVerify(
      tokens.accessToken,
      createLocalJWKSet(
        z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(keys.body),
      ),
      { ...accessToken, algorithms: ["EdDSA"] },
    );
    const { sub, role, name, email, iat = 0, exp = 0 } = payload;
    assert.deepEqual(
      { sub, role, name, email, seconds: exp - iat },
      { sub: who.userId, role: "customer", name: who.name, email: who.email, seconds: 900 },
    );
    assert.equal(protectedHeader.alg, "EdDSA");
    assert.deepEqual(tokens.user, { id: who.userId, name: who.name, role: "customer" });
  });

  it("answers a wrong password and an unknown address alike", async () => {
    const who = await registered();
    const wrong = await post("login", { email: who.email, password: "wrong password" });
    const unknown = await post("login", { email: "nobody@example.com", password: who.password });
    for (const answer of [wrong, unknown]) {
      assert.equal(answer.status, 401);
      assert.equal(codeOf(answer), "invalid_credentials");
    }
  });

  it("refuses a GET of the login with 405", async () => {
    const answer = await auth.app.request("GET", login.path);
    assert.equal(answer.status, 405);
    assert.equal(codeOf(answer), "method_not_allowed");
    assert.equal(answer.headers["allow"], "POST");
  });

  it("locks account and address together, and says for how long", async () => {
    const who = await registered();
    const here = await auth.from("203.0.113.7");
    for (let i = 0; i < 5; i += 1) {
      const answer = await post("login", { email: who.email, password: "wrong one" }, here);
      assert.equal(codeOf(answer), "invalid_credentials");
    }
    const { email, password } = who;
    const locked = await post("login", { email, password }, here);
    assert.equal(locked.status, 423);
    assert.equal(codeOf(locked), "account_locked");
    const seconds = Number(locked.headers["retry-after"]);
    assert.ok(seconds > 890 && seconds <= 900, `${seconds}`);
    const elsewhere = await auth.from("203.0.113.8");
    assert.equal((await post("login", { email, password }, elsewhere)).status, 200);
  });

  it("believes no address that the gateway did not sign", async () => {
    const who = await registered();
    const forged = (i: number) => ({
      "x-forwarded-for": `198.51.100.${i}`,
      "x-jatra-client-address": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    });
    for (let i = 0; i < 5; i += 1) {
      await post("login", { email: who.email, password: "wrong one" }, forged(i));
    }
    const answer = await post("login", { email: who.email, password: who.password }, forged(9));
    assert.equal(codeOf(answer), "account_locked");
  });

  it("lets at most five of many parallel guesses learn that they were wrong", async () => {
    const who = await registered();
    const here = await auth.from("203.0.113.9");
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        post("login", { email: who.email, password: "wrong one" }, here),
      ),
    );
    const told = answers.filter((answer) => codeOf(answer) === "invalid_credentials").length;
    assert.equal(told, 5);
    assert.equal(answers.length - told, 35);
  });

  it("opens the account again when the lock has run out", async () => {
    const who = await registered();
    const here = await auth.from("203.0.113.10");
    for (let i = 0; i < 5; i += 1) {
      await post("login", { email: who.email, password: "wrong one" }, here);
    }
    await auth.database.pool.query(
      "UPDATE login_failures SET locked_until = now() - interval '1 second' WHERE email = $1",
      [who.email],
    );
    const wrong = await post("login", { email: who.email, password: "wrong one" }, here);
    assert.equal(codeOf(wrong), "invalid_credentials");
    const right = await post("login", { email: who.email, password: who.password }, here);
    assert.equal(right.status, 200);
  });

  it("rotates refresh tokens and carries the role of now", async () => {
    const { who, tokens } = await signedIn();
    await auth.database.pool.query("UPDATE users SET role = 'staff' WHERE id = $1", [who.userId]);
    const answer = await post("refresh-token", { refreshToken: tokens.refreshToken });
    assert.equal(answer.status, 200);
    const next = tokensSchema.parse(answer.body);
    assert.equal(next.user.role, "staff");
    assert.notEqual(next.refreshToken, tokens.refreshToken);
  });

  it("revokes the whole family when a refresh token comes a second time", async () => {
    const { tokens } = await signedIn();
    const rotated = await post("refresh-token", { refreshToken: tokens.refreshToken });
    const next = tokensSchema.parse(rotated.body);
    const reused = await post("refresh-token", { refreshToken: tokens.refreshToken });
    assert.equal(reused.status, 401);
    assert.equal(codeOf(reused), "invalid_refresh_token");
    const successor = await post("refresh-token", { refreshToken: next.refreshToken });
    assert.equal(codeOf(successor), "invalid_refresh_token");
  });

  it("gives one of many parallel uses of a refresh token a successor, which then is revoked", async () => {
    const { who, tokens } = await signedIn();
    const family = {
      text: "SELECT 1 FROM refresh_families WHERE user_id = $1 FOR UPDATE",
      values: [who.userId],
    };
    const answers = await whileLocked(auth.database, family, 2, () =>
      Promise.all(
        Array.from({ length: 10 }, () =>
          post("refresh-token", { refreshToken: tokens.refreshToken }),
        ),
      ),
    );
    const won = answers.filter((answer) => answer.status === 200);
    assert.equal(won.length, 1);
    const next = tokensSchema.parse(won[0]?.body);
    const after = await post("refresh-token", { refreshToken: next.refreshToken });
    assert.equal(codeOf(after), "invalid_refresh_token");
  });

  it("refuses expired and unknown refresh tokens without revoking anything", async () => {
    const { who, tokens } = await signedIn();
    assert.equal(
      codeOf(await post("refresh-token", { refreshToken: "x" })),
      "invalid_refresh_token",
    );
    await auth.database.pool.query(
      "UPDATE refresh_tokens SET expires_at = now() WHERE NOT EXISTS (SELECT 1 FROM refresh_families f WHERE f.id = family_id AND f.user_id <> $1)",
      [who.userId],
    );
    const answer = await post("refresh-token", { refreshToken: tokens.refreshToken });
    assert.equal(codeOf(answer), "invalid_refresh_token");
    const { rows } = await auth.database.pool.query(
      "SELECT 1 FROM refresh_families WHERE user_id = $1 AND revoked_at IS NOT NULL",
      [who.userId],
    );
    assert.equal(rows.length, 0);
  });

  it("ends a session on logout, and answers the same for unknown tokens", async () => {
    const { tokens } = await signedIn();
    for (const refreshToken of [tokens.refreshToken, tokens.refreshToken, "unknown"]) {
      assert.equal((await post("logout", { refreshToken })).status, 204);
    }
    const answer = await post("refresh-token", { refreshToken: tokens.refreshToken });
    assert.equal(codeOf(answer), "invalid_refresh_token");
  });

  it("keeps neither passwords nor refresh tokens in the clear", async () => {
    const { who, tokens } = await signedIn();
    const dump = await auth.database.pool.query<{ text: string }>(
      `SELECT (SELECT json_agg(u)::text FROM users u) || (SELECT json_agg(t)::text FROM refresh_tokens t)
         || (SELECT json_agg(o)::text FROM outbox o) AS text`,
    );
    const text = dump.rows[0]?.text ?? "";
    assert.ok(text.includes(who.email));
    assert.equal(text.includes(who.password), false);
    assert.equal(text.includes(Buffer.from(tokens.refreshToken).toString("hex")), false);
    assert.equal(text.includes(tokens.refreshToken), false);
  });
});
