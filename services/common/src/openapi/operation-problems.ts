import { readsBearer, type Operation } from "@jatra/contracts/operation.ts";
import { problems, type ProblemCode } from "@jatra/contracts/problems.ts";

/**
 * Every code that a client may meet at an operation, by status: what the contract lists, what the shared plumbing adds by the operation's
 * form, and what the gateway adds on the way (not for internal ones).
 */
export const problemsByStatus = (operation: Operation): ReadonlyMap<number, ProblemCode[]> => {
  const codes = new Set<ProblemCode>([...operation.problems, ...implied(operation)]);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...codes].toSorted()) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
};

const implied = (operation: Operation): ProblemCode[] => [
  ...(operation.params || operation.query || operation.body ? validating : []),
  ...(operation.body ? reading : []),
  ...authorizing[operation.access],
  ...(readsBearer(operation) ? (["unauthorized"] as const) : []),
  ...(operation.idempotency ? idempotent : []),
  ...(operation.idempotency === "required" ? (["idempotency_key_missing"] as const) : []),
  ...(operation.access === "internal" ? [] : passing),
  "internal_error",
  "dependency_unavailable",
];

const validating: readonly ProblemCode[] = ["validation_failed"];
const reading: readonly ProblemCode[] = [
  "malformed_json",
  "body_too_large",
  "unsupported_media_type",
];
const idempotent: readonly ProblemCode[] = [
  "idempotency_key_invalid",
  "idempotency_key_reused",
  "idempotency_in_flight",
];
/** On the way, whatever the operation is: a malformed target or framing, what comes too slowly or is too large, and the service away. */
const passing: readonly ProblemCode[] = [
  "validation_failed",
  "request_timeout",
  "body_too_large",
  "headers_too_large",
  "rate_limited",
  "upstream_unreachable",
  "circuit_open",
  "upstream_timeout",
];
const authorizing = {
  public: [],
  optional: ["unauthorized"],
  user: ["unauthorized"],
  staff: ["unauthorized", "forbidden"],
  admin: ["unauthorized", "forbidden"],
  internal: ["unauthorized"],
} as const satisfies Record<Operation["access"], readonly ProblemCode[]>;
