import { refuseViolations } from "@jatra/testing/constraints.ts";

const charge = (id: string, key: string): string =>
  `INSERT INTO entries (kind, id, idempotency_key, fingerprint, reference, charge_reference, status, amount, currency)
   VALUES ('charge', '${id}', '${key}', 'f', 'reference-1', 'reference-1', 'captured', 100, 'BDT')`;

const session = (key: string, validation: string, transaction: string): string =>
  `INSERT INTO sessions (session_key, tran_id, total_amount, currency, success_url, fail_url, cancel_url, ipn_url,
     val_id, bank_tran_id)
   VALUES ('${key}', 'payment-1', 100, 'BDT', 's', 'f', 'c', 'i', '${validation}', '${transaction}')`;

describe("the constraints of the provider's books", () => {
  refuseViolations(new URL("../../migrations", import.meta.url), [
    {
      rule: "one entry a name",
      allowed: [charge("charge-1", "key-1")],
      refused: charge("charge-1", "key-2"),
      code: "23505",
    },
    {
      rule: "one charge a key, whatever the request says",
      allowed: [charge("charge-3", "key-3")],
      refused: charge("charge-4", "key-3"),
      code: "23505",
    },
    {
      rule: "one session a validation",
      allowed: [session("1", "validation-1", "transaction-1")],
      refused: session("2", "validation-1", "transaction-2"),
      code: "23505",
    },
    {
      rule: "one session a transaction of the bank",
      allowed: [session("3", "validation-3", "transaction-3")],
      refused: session("4", "validation-4", "transaction-3"),
      code: "23505",
    },
  ]);
});
