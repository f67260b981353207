import type { Operation } from "@jatra/contracts/operation.ts";
import { Problem } from "@jatra/common/http/problem.ts";

/**
 * The other service's refusal as our own answer, where the contract of the call says that its callers may see it. Anything
 * else (a wrong internal token, a bad request of ours) is a bug here: an Error, 500.
 */
export const refusalOf = (
  answer: { readonly status: number; readonly code: string },
  operation: Pick<Operation, "operationId" | "problems">,
): Error => {
  const code = operation.problems.find((candidate) => candidate === answer.code);
  if (code) return new Problem(code);
  return new Error(`${operation.operationId} was refused: ${answer.status} ${answer.code}`);
};
