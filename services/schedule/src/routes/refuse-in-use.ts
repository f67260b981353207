import { Problem } from "@jatra/common/http/problem.ts";
import { isReferenceFault } from "../data/violation.ts";

/** Awaits a deletion; a foreign key's refusal becomes 409: «<user> uses it.» */
export const refuseInUse = (user: string, deletion: Promise<boolean>): Promise<boolean> =>
  deletion.catch((cause: unknown) => {
    if (!isReferenceFault(cause)) throw cause;
    throw new Problem("conflict", { detail: `${user} uses it.`, cause });
  });
