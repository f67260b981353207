import type { Operation } from "@jatra/contracts/operation.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import { z } from "zod";

/** Members of refusals that a client of ours can use, whatever else came with them. */
const membersSchema = z
  .object({ seats: z.int(), amount: z.int(), currency: z.string(), failedSeat: z.string() })
  .partial();

/**
 * The other service's refusal as our own answer, where the contract of the call says that its callers may see it. Anything
 * else (a wrong internal token, a bad request of ours) is a bug here: an Error, 500.
 */
export const refusalOf = (
  answer: { readonly status: number; readonly code: string; readonly body: unknown },
  operation: Pick<Operation, "operationId" | "problems">,
): Error => {
  const code = operation.problems.find((candidate) => candidate === answer.code);
  if (code) return new Problem(code, { extra: membersSchema.safeParse(answer.body).data ?? {} });
  return new Error(`${operation.operationId} was refused: ${answer.status} ${answer.code}`);
};
