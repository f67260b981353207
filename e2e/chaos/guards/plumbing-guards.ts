import type { Guard } from "./guard.ts";

const source = "services/common/src";
const tests = "services/common/test";

export const plumbingGuards: readonly Guard[] = [
  {
    guard: "a message is published on its own confirm only",
    file: `${source}/outbox/outbox-relay.ts`,
    find: 'return { kind: "failed", id, pauseSeconds: pauseSecondsAfter(error, attempts) };',
    replace: 'return { kind: "confirmed", id };',
    test: { file: `${tests}/integration/outbox.test.ts`, title: "keeps a row without a confirm" },
  },
  {
    guard: "lease of a message under way",
    file: `${source}/outbox/outbox-store.ts`,
    find: "WHERE published_at IS NULL AND locked_until <= now()",
    replace: "WHERE published_at IS NULL",
    test: { file: `${tests}/integration/outbox.test.ts`, title: "leaves a row to the relay that" },
  },
  {
    guard: "inbox",
    file: `${source}/outbox/record-inbox.ts`,
    find: "fresh.delete(nameOf(message))",
    replace: "fresh.delete(nameOf(message)) || true",
    test: { file: `${tests}/integration/outbox.test.ts`, title: "takes a message into the inbox" },
  },
  {
    guard: "unroutable messages are refused",
    file: `${source}/messaging/publisher.ts`,
    find: "mandatory: true,",
    replace: "mandatory: false,",
    test: {
      file: `${tests}/integration/messaging.test.ts`,
      title: "rejects a publish that no queue",
    },
  },
  {
    guard: "the row of an idempotency key",
    file: `${source}/idempotency/idempotency-store.ts`,
    find: 'if (!isFirst) throw new IdempotencyConflict("another run with this key was faster");',
    replace: "if (isFirst === undefined) throw new IdempotencyConflict();",
    test: {
      file: `${tests}/integration/idempotency-races.test.ts`,
      title: "still runs once when the lock is lost",
    },
  },
  {
    guard: "a key belongs to one body",
    file: `${source}/idempotency/create-engine.ts`,
    find: 'if (stored.fingerprint !== request.fingerprint) throw new Problem("idempotency_key_reused");',
    replace: "",
    test: {
      file: `${tests}/integration/idempotency.test.ts`,
      title: "refuses the same key with another body",
    },
  },
  {
    guard: "owner token of an in-flight lock",
    file: `${source}/idempotency/release-lock.lua`,
    find: "if redis.call('GET', KEYS[1]) == ARGV[1] then",
    replace: "if true then",
    test: {
      file: `${tests}/integration/idempotency-races.test.ts`,
      title: "does not release a successor's lock",
    },
  },
  {
    guard: "the platform's token on internal routes",
    file: `${source}/http/authorize.ts`,
    find: "requireInternalToken(request, dependencies.internalToken);",
    replace: "",
    test: { file: `${tests}/unit/create-app.test.ts`, title: "opens internal routes with the" },
  },
  {
    guard: "a stopping service waits for its connections",
    file: `${source}/service/serve.ts`,
    find: "await drain(server);",
    replace: "",
    test: { file: `${tests}/integration/drain.test.ts`, title: "answers who is still connected" },
  },
  {
    guard: "inner clients let go of connections first",
    file: `${source}/http/internal-client.ts`,
    find: "keepAliveMaxTimeout: IDLE_CONNECTION_MS,",
    replace: "keepAliveMaxTimeout: 60_000,",
    test: { file: `${tests}/integration/drain.test.ts`, title: "lets go of an idle connection" },
  },
];
