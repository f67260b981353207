import type { Access, Operation } from "@jatra/contracts/operation.ts";
import { z } from "zod";
import {
  createDocument as createZodDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import { describeResponses } from "./describe-responses.ts";

export type OpenApiDocument = ReturnType<typeof createZodDocument>;

/** Operations under one heading; the heading is a service's name. */
export type OperationGroup = {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** What they are for, in a sentence. */
  readonly about?: string;
};

/**
 * The OpenAPI 3.1 document of some operations, made from the same contracts that validate the requests. Throws when two operations
 * have one id, or one method and path.
 */
export const createDocument = (options: {
  readonly title: string;
  readonly description: string;
  readonly groups: readonly OperationGroup[];
}): OpenApiDocument => {
  refuseDuplicates(options.groups.flatMap((group) => group.operations));
  const accesses = new Set(
    options.groups.flatMap((group) => group.operations.map((operation) => operation.access)),
  );
  const document = {
    openapi: "3.1.1" as const,
    info: { title: options.title, description: options.description, version: API_VERSION },
    servers: [{ url: "/" }],
    tags: options.groups.map(({ name, about }) => ({
      name,
      ...(about === undefined ? {} : { description: about }),
    })),
    paths: describePaths(options.groups),
    components: { securitySchemes: securitySchemes(accesses) },
  };
  return createZodDocument(document, { override: openAnswers });
};

/** Answers may gain fields at any time, so what is documented of them is not everything that may be there. */
const openAnswers: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === "output" && jsonSchema.additionalProperties === false) {
    delete jsonSchema.additionalProperties;
  }
};

/** Of the API, not of the code: grows when a client has to change. */
const API_VERSION = "1";

const describePaths = (groups: readonly OperationGroup[]): ZodOpenApiPathsObject => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { name, operations } of groups) {
    for (const operation of operations) {
      const path = operation.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
      paths[path] = { ...paths[path], [operation.method]: describe(operation, name) };
    }
  }
  return paths;
};

const describe = (operation: Operation, tag: string): ZodOpenApiOperationObject => ({
  operationId: operation.operationId,
  tags: [tag],
  summary: operation.summary,
  ...(operation.description ? { description: operation.description } : {}),
  security: security[operation.access].map((requirement) => ({ ...requirement })),
  requestParams: {
    ...objectPart("path", operation.params),
    ...objectPart("query", operation.query),
    ...(operation.idempotency ? { header: keyHeader(operation.idempotency) } : {}),
  },
  ...(operation.body
    ? {
        requestBody: {
          required: !operation.body.safeParse(undefined).success,
          content: { "application/json": { schema: operation.body } },
        },
      }
    : {}),
  responses: describeResponses(operation),
});

const objectPart = (
  part: "path" | "query",
  schema: z.ZodType | undefined,
): Record<string, z.ZodObject> => (schema instanceof z.ZodObject ? { [part]: schema } : {});

const keySchema = z
  .string()
  .min(1)
  .max(255)
  .meta({
    description:
      "Chosen by the client, one for each thing it wants done; bare or as a quoted string. A repeat with the same body " +
      "answers the same status and bytes.",
    example: "550e8400-e29b-41d4-a716-446655440000",
  });

const keyHeader = (demand: "optional" | "required"): z.ZodObject =>
  z.object({ "Idempotency-Key": demand === "required" ? keySchema : keySchema.optional() });

/** One object of the list is enough; the empty one means nobody. */
const security = {
  public: [],
  optional: [{}, { bearer: [] }],
  user: [{ bearer: [] }],
  staff: [{ bearer: [] }],
  admin: [{ bearer: [] }],
  internal: [{ internalToken: [] }],
} as const satisfies Record<Access, readonly object[]>;

const securitySchemes = (accesses: ReadonlySet<Access>) => ({
  bearer: {
    type: "http" as const,
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of `POST /api/auth/login`, checked by the gateway.",
  },
  ...(accesses.has("internal")
    ? {
        internalToken: {
          type: "http" as const,
          scheme: "bearer",
          description: "The platform's own token; the gateway never routes to these paths.",
        },
      }
    : {}),
});

const refuseDuplicates = (operations: readonly Operation[]): void => {
  const seen = new Set<string>();
  for (const { operationId, method, path } of operations) {
    for (const name of [operationId, `${method} ${path.replaceAll(/:[A-Za-z]+/g, ":")}`]) {
      if (seen.has(name)) throw new Error(`There are two operations «${name}».`);
      seen.add(name);
    }
  }
};
