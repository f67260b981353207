import assert from "node:assert/strict";
import type { Report } from "./busy-clients.ts";

/** Nothing failed, no connection broke, and the clients went on working. */
export const assertUnharmed = (now: Report, before: Report): void => {
  const { errors, lost, messages } = now;
  assert.deepEqual({ errors, lost, messages }, { errors: 0, lost: 0, messages: [] });
  assert.ok(now.transactions > before.transactions, `still ${now.transactions} transactions`);
};
