import type { Operation, ResponseDefinition } from "@jatra/contracts/operation.ts";
import { problems, type ProblemCode } from "@jatra/contracts/problems.ts";
import { z } from "zod";
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { problemsByStatus } from "./operation-problems.ts";

const problemSchema = z
  .looseObject({
    type: z.string().meta({ example: "urn:jatra:problem:seat_unavailable" }),
    title: z.string(),
    status: z.int(),
    code: z.string().describe("stable; clients may branch on it"),
    detail: z.string().optional().describe("what was wrong with this request"),
    requestId: z.string(),
  })
  .meta({ id: "Problem", description: "RFC 9457, application/problem+json" });

/** Everything an operation may answer, by status, successes first as the contract lists them. */
export const describeResponses = (operation: Operation): ZodOpenApiResponsesObject => {
  const described: Record<string, ZodOpenApiResponseObject> = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    described[status] = success(operation, Number(status), response);
  }
  for (const [status, codes] of problemsByStatus(operation)) {
    const refused = refusal(status, codes);
    const existing = described[status];
    // A status that the contract describes itself keeps its words and gets the problem as another form.
    described[status] = existing
      ? { ...existing, content: { ...existing.content, ...refused.content } }
      : refused;
  }
  return described;
};

const success = (
  operation: Operation,
  status: number,
  response: ResponseDefinition,
): ZodOpenApiResponseObject => {
  const headers = { ...successHeaders(operation, status), ...lookHeaders(response) };
  const content = contentOf(response);
  return {
    description: response.description,
    ...(Object.keys(headers).length > 0 ? { headers: z.object(headers) } : {}),
    ...(content ? { content } : {}),
  };
};

const contentOf = (response: ResponseDefinition): ZodOpenApiResponseObject["content"] => {
  const { schema, contentType, otherContentTypes = [] } = response;
  const bytes = { schema: { type: "string" as const } };
  const others = Object.fromEntries(otherContentTypes.map((type) => [type, bytes]));
  if (schema) return { [contentType ?? "application/json"]: { schema }, ...others };
  return contentType ? { [contentType]: bytes, ...others } : undefined;
};

const successHeaders = (operation: Operation, status: number): Record<string, z.ZodType> => ({
  ...(status === 201 || status === 202
    ? { Location: z.string().optional().describe("where the thing is now") }
    : {}),
  ...(operation.idempotency
    ? {
        "Idempotent-Replayed": z
          .literal("true")
          .optional()
          .describe("this is the stored answer of an earlier request with the same key"),
      }
    : {}),
});

const lookHeaders = ({ tellsWhenToLook }: ResponseDefinition): Record<string, z.ZodType> =>
  tellsWhenToLook
    ? {
        "Retry-After": z
          .int()
          .optional()
          .describe("seconds after which a look is worth it; absent once this has ended"),
      }
    : {};

const refusals = new Map<string, ZodOpenApiResponseObject>();

/** One object for all operations that may answer so: the document has it once, under its id. */
const refusal = (status: number, codes: readonly ProblemCode[]): ZodOpenApiResponseObject => {
  const id = [status, ...codes].join(".");
  const known = refusals.get(id) ?? { ...describeRefusal(status, codes), id };
  refusals.set(id, known);
  return known;
};

const describeRefusal = (
  status: number,
  codes: readonly ProblemCode[],
): ZodOpenApiResponseObject => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join(". "),
  ...(waits(status, codes)
    ? { headers: z.object({ "Retry-After": z.int().optional().describe("seconds") }) }
    : {}),
  content: {
    "application/problem+json": {
      schema: problemSchema,
      examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
    },
  },
});

const waits = (status: number, codes: readonly ProblemCode[]): boolean =>
  status === 429 || status === 503 || codes.includes("idempotency_in_flight");

const example = (code: ProblemCode): Record<string, unknown> => ({
  type: `urn:jatra:problem:${code}`,
  title: problems[code].title,
  status: problems[code].status,
  code,
  requestId: "7d0f5c1e-3f0a-4f43-9a53-0f1f3f2a9c11",
});
