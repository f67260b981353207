import type { RequestListener } from "node:http";
import type pg from "pg";
import type { AppDependencies } from "@jatra/common/http/app-dependencies.ts";
import { createApp as createHttpApp } from "@jatra/common/http/create-app.ts";
import { type ClientAddressReader } from "./client-address.ts";
import { createAccountStore } from "./data/account-store.ts";
import { createLoginFailureStore } from "./data/login-failure-store.ts";
import { createSessionStore } from "./data/session-store.ts";
import type { PasswordHasher } from "./domain/hash-password.ts";
import { createAccessTokenIssuer } from "./domain/issue-access-token.ts";
import type { KeyRing } from "./domain/key-ring.ts";
import { logIn } from "./domain/log-in.ts";
import { createSessionOpener } from "./domain/open-session.ts";
import { hashRefreshToken } from "./domain/refresh-token.ts";
import { refreshSession } from "./domain/refresh-session.ts";
import { registerAccount } from "./domain/register-account.ts";
import { authRoutes, type AuthActions } from "./routes/auth-routes.ts";

export type AuthDependencies = Omit<AppDependencies, "routes" | "health"> & {
  readonly pool: pg.Pool;
  readonly keyRing: KeyRing;
  readonly passwords: PasswordHasher;
  readonly clientAddress: ClientAddressReader;
  readonly wakeRelay: () => void;
  readonly accepting: () => boolean;
};

/** Auth's HTTP side. RabbitMQ is no part of readiness: without it people can still sign in, and events wait in the outbox. */
export const createApp = (dependencies: AuthDependencies): RequestListener => {
  const { pool, keyRing, clientAddress } = dependencies;
  const actions = createActions(dependencies);
  return createHttpApp({
    ...dependencies,
    routes: authRoutes({ actions, keyRing, clientAddress }),
    health: {
      checks: { database: async () => void (await pool.query("SELECT 1")) },
      accepting: dependencies.accepting,
    },
  });
};

const createActions = (dependencies: AuthDependencies): AuthActions => {
  const { pool, keyRing, passwords, logger, wakeRelay } = dependencies;
  const accounts = createAccountStore(pool, wakeRelay);
  const failures = createLoginFailureStore(pool);
  const sessions = createSessionStore(pool);
  const issueAccessToken = createAccessTokenIssuer(keyRing);
  const openSession = createSessionOpener({ sessions, issueAccessToken });
  const onReuse = (reuse: { userId: string; familyId: string }): void =>
    logger.warn(reuse, "a refresh token came a second time, its family is revoked");
  return {
    register: (person, requestId) => registerAccount({ accounts, passwords }, person, requestId),
    logIn: (credentials) => logIn({ accounts, passwords, failures, openSession }, credentials),
    refresh: (token) => refreshSession({ sessions, issueAccessToken, onReuse }, token),
    logOut: (token) => sessions.end(hashRefreshToken(token)),
  };
};
