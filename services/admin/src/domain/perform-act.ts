import type { Identity } from "@jatra/contracts/identity.ts";
import type { ActOutcome } from "@jatra/contracts/http/admin.ts";
import type { ServiceName } from "@jatra/contracts/service-names.ts";

/** What an admin is about to do, at which service. `path` is filled in, `body` as the service will get it. */
export type ActIntent = {
  readonly actor: Identity;
  readonly action: string;
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly requestId: string;
};

export type ActResult = {
  readonly outcome: Exclude<ActOutcome, "OPEN">;
  readonly status: number | null;
  readonly code: string | null;
};

/** The service's answer below 500; a call that ended otherwise throws. */
export type ActAnswer = {
  readonly ok: boolean;
  readonly status: number;
  readonly code: string | null;
  readonly body: unknown;
};

export type AuditLog = {
  readonly recordIntent: (intent: ActIntent) => Promise<string>;
  readonly recordResult: (actId: string, result: ActResult) => Promise<void>;
};

/**
 * Writes down what is going to be done, does it, writes down how it ended. Nothing is done that could not be written down first. A
 * result that can't be written doesn't undo the act, so the answer is given all the same and `resultLost` told; the log
 * then shows the act as open, as it does when the process dies in between.
 */
export const performAct = async (
  dependencies: {
    readonly audit: AuditLog;
    readonly call: () => Promise<ActAnswer>;
    readonly resultLost: (error: unknown, actId: string) => void;
  },
  intent: ActIntent,
): Promise<ActAnswer> => {
  const { audit, call, resultLost } = dependencies;
  const actId = await audit.recordIntent(intent);
  const record = (result: ActResult): Promise<void> =>
    audit.recordResult(actId, result).catch((error: unknown) => resultLost(error, actId));
  try {
    const answer = await call();
    const outcome = answer.ok ? "DONE" : "REFUSED";
    await record({ outcome, status: answer.status, code: answer.code });
    return answer;
  } catch (error) {
    await record({ outcome: "UNANSWERED", status: null, code: null });
    throw error;
  }
};
