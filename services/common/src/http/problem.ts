import { problems, type ProblemCode } from "@jatra/contracts/problems.ts";

export type ProblemOptions = {
  /** One sentence for a person: what was wrong with this request. */
  readonly detail?: string;
  /** Members beside the standard ones, such as `failedSeat`; none of them may take a standard one's place. */
  readonly extra?: Readonly<Record<string, unknown>> & {
    readonly [member in "type" | "title" | "status" | "code" | "detail" | "requestId"]?: never;
  };
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/** An error that the client is told about: RFC 9457 with a code of the catalogue. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code].title, { cause: options.cause });
    this.code = code;
    this.status = problems[code].status;
    this.options = options;
  }
}

/** The body as it goes out, `application/problem+json`. */
export const problemBody = (problem: Problem, requestId: string): Record<string, unknown> => ({
  type: `urn:jatra:problem:${problem.code}`,
  title: problems[problem.code].title,
  status: problem.status,
  code: problem.code,
  ...(problem.options.detail ? { detail: problem.options.detail } : {}),
  ...problem.options.extra,
  requestId,
});
