import type { Guard } from "./guard.ts";

const source = "services/seat-reservation/src";
const tests = "services/seat-reservation/test/integration";

export const seatGuards: readonly Guard[] = [
  {
    guard: "unique index over live claims",
    file: "services/seat-reservation/migrations/000001_locks-and-claims.sql",
    find: "CREATE UNIQUE INDEX claims_one_owner",
    replace: "CREATE INDEX claims_one_owner",
    test: { file: `${tests}/crowds.test.ts`, title: "is held off by the database alone" },
  },
  {
    guard: "all seats or none, in the lock script",
    file: `${source}/locks/scripts/atomic-lock.lua`,
    find: "if owners[n] and owners[n] ~= ARGV[1] then",
    replace: "if false then",
    test: { file: `${tests}/lua-scripts.test.ts`, title: "keep the guide's contract" },
  },
  {
    guard: "owner token, in the release script",
    file: `${source}/locks/scripts/atomic-release.lua`,
    find: "if owners[n] == ARGV[1] then",
    replace: "if owners[n] then",
    test: { file: `${tests}/lua-scripts.test.ts`, title: "do as a simple model does" },
  },
  {
    guard: "owner token, in the extension script",
    file: `${source}/locks/scripts/extend-lock.lua`,
    find: "if owners[n] and owners[n] ~= ARGV[1] then",
    replace: "if false then",
    test: { file: `${tests}/lua-scripts.test.ts`, title: "do as a simple model does" },
  },
  {
    guard: "markers are let go when the database refuses",
    file: `${source}/domain/acquire-lock.ts`,
    find: 'if (claim.outcome === "taken") {\n    await markers.release(seats);',
    replace: 'if (claim.outcome === "taken") {',
    test: { file: `${tests}/holds.test.ts`, title: "lets go of Redis when the database refuses" },
  },
  {
    guard: "markers are let go when a release is repeated",
    file: `${source}/domain/release-lock.ts`,
    find: "await markers.release(lock);\n    return;",
    replace: "return;",
    test: { file: `${tests}/lock-life.test.ts`, title: "when its release died between" },
  },
  {
    guard: "markers are let go when a booking's end is repeated",
    file: `${source}/domain/apply-bookings-word.ts`,
    find: "freed ?? (await sales.findFreed(word))",
    replace: "freed",
    test: {
      file: `${tests}/booking-events.test.ts`,
      title: "when the first delivery died between",
    },
  },
  {
    guard: "a lock opens for its user alone",
    file: `${source}/domain/lock-owner.ts`,
    find: "return lock.userId === userId;",
    replace: "return true;",
    test: { file: `${tests}/lock-life.test.ts`, title: "is shown to its owner and to nobody else" },
  },
  {
    guard: "markers come back after FLUSHALL",
    file: `${source}/locks/scripts/restore-markers.lua`,
    find: 'redis.call("SET", KEYS[n], owner, "PX", ttl)',
    replace: "local _ = ttl",
    test: { file: `${tests}/sweepers.test.ts`, title: "bring them back after FLUSHALL" },
  },
  {
    guard: "only booking-service's word ends a payment's lock",
    file: `${source}/sweepers/resolve-payments.ts`,
    find: 'if (outcome === "LIVE") return false;',
    replace: "",
    test: { file: `${tests}/sweepers.test.ts`, title: "leave them in payment while the booking" },
  },
];
