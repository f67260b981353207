import assert from "node:assert/strict";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Tokens } from "@jatra/contracts/http/auth.ts";
import type { AccountWithPassword } from "../../src/domain/account.ts";
import { FAILURES_MAX, type LoginFailures } from "../../src/domain/lock-out.ts";
import { logIn, type LogInDependencies } from "../../src/domain/log-in.ts";

const account: AccountWithPassword = {
  id: "0b0f3f3e-6a0e-4b4e-8f5e-000000000001",
  email: "rahima@example.com",
  name: "Rahima",
  phone: "+8801712345678",
  role: "customer",
  passwordHash: "right",
};
const tokens: Tokens = {
  accessToken: "a",
  refreshToken: "r",
  tokenType: "Bearer",
  expiresIn: 900,
  user: { id: account.id, name: account.name, role: account.role },
};

/** The rules of the table, in memory. */
const createFailures = (): LoginFailures => {
  const counts = new Map<string, number>();
  const locked = (key: string): number => ((counts.get(key) ?? 0) >= FAILURES_MAX ? 900 : 0);
  return {
    lockedForSeconds: async (email, address) => locked(`${email} ${address}`),
    record: async (email, address) => {
      const key = `${email} ${address}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { failures: counts.get(key) ?? 0, lockedForSeconds: locked(key) };
    },
    forget: async (email, address) => void counts.delete(`${email} ${address}`),
  };
};

const createDependencies = (failures = createFailures()): LogInDependencies => ({
  accounts: { byEmail: async (email) => (email === account.email ? account : undefined) },
  passwords: {
    hash: async (password) => password,
    verify: async (password, stored) => password === stored,
  },
  failures,
  openSession: async () => tokens,
});

const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt;
    return "signed in";
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error.code;
  }
};

const attempt = (password: string, address = "10.0.0.1") => ({
  email: account.email,
  password,
  address,
});

describe("signing in", () => {
  it("answers tokens for the right password", async () => {
    assert.deepEqual(await logIn(createDependencies(), attempt("right")), tokens);
  });

  it("tells an unknown address and a wrong password the same", async () => {
    const dependencies = createDependencies();
    const unknown = { ...attempt("right"), email: "nobody@example.com" };
    assert.equal(await codeOf(logIn(dependencies, unknown)), "invalid_credentials");
    assert.equal(await codeOf(logIn(dependencies, attempt("wrong"))), "invalid_credentials");
  });

  it("locks account and address together after five failures, and nobody else", async () => {
    const dependencies = createDependencies();
    for (let i = 0; i < FAILURES_MAX; i += 1) {
      assert.equal(await codeOf(logIn(dependencies, attempt("wrong"))), "invalid_credentials");
    }
    assert.equal(await codeOf(logIn(dependencies, attempt("right"))), "account_locked");
    assert.equal(await codeOf(logIn(dependencies, attempt("right", "10.0.0.2"))), "signed in");
  });

  it("begins to count anew after a success", async () => {
    const dependencies = createDependencies();
    for (let i = 0; i < FAILURES_MAX - 1; i += 1)
      await codeOf(logIn(dependencies, attempt("wrong")));
    assert.equal(await codeOf(logIn(dependencies, attempt("right"))), "signed in");
    assert.equal(await codeOf(logIn(dependencies, attempt("wrong"))), "invalid_credentials");
    assert.equal(await codeOf(logIn(dependencies, attempt("right"))), "signed in");
  });

  it("does not tell a parallel right guess from the wrong ones once five have failed", async () => {
    const dependencies = createDependencies();
    const gate = Promise.withResolvers<void>();
    const slow: LogInDependencies = {
      ...dependencies,
      passwords: {
        ...dependencies.passwords,
        verify: async (password, stored) => {
          if (password === "right") await gate.promise;
          return password === stored;
        },
      },
    };
    const right = codeOf(logIn(slow, attempt("right")));
    const wrong = Array.from({ length: 20 }, () => codeOf(logIn(slow, attempt("wrong"))));
    const told = await Promise.all(wrong);
    gate.resolve();
    assert.equal(told.filter((code) => code === "invalid_credentials").length, FAILURES_MAX);
    assert.equal(told.filter((code) => code === "account_locked").length, 20 - FAILURES_MAX);
    assert.equal(await right, "account_locked");
  });

  it("lets any number of right logins through in parallel", async () => {
    const dependencies = createDependencies();
    const codes = await Promise.all(
      Array.from({ length: 50 }, () => codeOf(logIn(dependencies, attempt("right")))),
    );
    assert.deepEqual(new Set(codes), new Set(["signed in"]));
  });
});
