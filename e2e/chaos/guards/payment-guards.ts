import { guardsOf, type Guard } from "./guard.ts";

export const paymentGuards: readonly Guard[] = guardsOf("payment", [
  {
    guard: "the payment's id as the provider's idempotency key",
    file: "src/providers/simulator/create-simulator-provider.ts",
    find: 'headers: { "idempotency-key": request.paymentId },',
    replace: "headers: {},",
    test: "integration/recovery.test.ts",
    title: "charges once when a call in",
  },
  {
    guard: "the refund's id as the provider's idempotency key",
    file: "src/providers/simulator/create-simulator-provider.ts",
    find: 'headers: { "idempotency-key": request.refundId },',
    replace: "headers: {},",
    test: "integration/recovery.test.ts",
    title: "refunds once when the process",
  },
  {
    guard: "a capture is of the payment's amount",
    file: "src/domain/judge-evidence.ts",
    find: 'if (payment.amount !== evidence.amount) return reject("amount_mismatch");',
    replace: "",
    test: "domain/judge-evidence.test.ts",
    title: "never captures on another amount",
  },
  {
    guard: "captured outranks failed",
    file: "src/domain/payment.ts",
    find: 'FAILED: ["CAPTURED"],',
    replace: "FAILED: [],",
    test: "domain/judge-evidence.test.ts",
    title: "lets a capture that comes late",
  },
  {
    guard: "tombstone of a payment that never came",
    file: "src/domain/close-payment.ts",
    find: "if (await dependencies.payments.insertTombstone(paymentId)) return tombstone(paymentId);",
    replace: "if (attempt === 0) return tombstone(paymentId);",
    test: "integration/closing.test.ts",
    title: "leaves a tombstone for an",
  },
  {
    guard: "signature of a provider's word",
    file: "src/providers/simulator/read-simulator-webhook.ts",
    find: "return given.length === expected.length && timingSafeEqual(given, expected);",
    replace: "return given.length === expected.length || timingSafeEqual(given, given);",
    test: "api/payment-api.test.ts",
    title: "refuses a forged signature",
  },
  {
    guard: "legal steps of a payment, in the database",
    file: "migrations/000001_payments.sql",
    find: "CREATE TRIGGER payment_transitions BEFORE UPDATE OF state ON payments\n  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)",
    replace:
      "CREATE TRIGGER payment_transitions BEFORE UPDATE OF state ON payments\n  FOR EACH ROW WHEN (false)",
    test: "data/transitions.test.ts",
    title: "allow the payment's transitions",
  },
  {
    guard: "money that our books can't explain stays on record",
    file: "src/domain/settle-payment.ts",
    find: "await findings.record(provider.name, [finding]);",
    replace: "void finding;",
    test: "integration/sslcommerz.test.ts",
    title: "keeps on record what a payer paid a second time",
  },
]);
