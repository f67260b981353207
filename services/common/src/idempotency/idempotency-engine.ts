import type { Reply } from "../http/reply.ts";
import type { IdempotentRun } from "./idempotent-run.ts";

/** What makes two requests «the same»: who asks, which operation, which key, and the bytes of the body. */
export type IdempotentRequest = {
  readonly userId: string;
  readonly operationId: string;
  readonly key: string;
  /** Whether the client chose the key (`idempotency:client:`) or the service made it (`idempotency:server:`). */
  readonly origin: "client" | "server";
  readonly fingerprint: string;
};

/**
 * Runs `handle` at most once for a request and answers every repeat with the same status and bytes.
 * Throws Problems: `idempotency_key_reused`, `idempotency_in_flight`, `dependency_unavailable` (either store down).
 */
export type IdempotencyEngine = {
  readonly run: (
    request: IdempotentRequest,
    handle: (run: IdempotentRun) => Promise<Reply>,
  ) => Promise<Reply>;
};
