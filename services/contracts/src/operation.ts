import type { z } from "zod";
import type { ProblemCode } from "./problems.ts";

/**
 * Who may call an operation. `optional`: a signed-in user or nobody. `staff` admits admins too.
 * `internal`: another service with the platform's internal token, never the gateway.
 */
export type Access = "public" | "optional" | "user" | "staff" | "admin" | "internal";

/**
 * Whether a bearer that isn't good is refused, also where none is needed: a client would otherwise go on as nobody without knowing. Not
 * where tokens are given out: there a stale one is what the request replaces.
 */
export const readsBearer = ({ path }: { readonly path: string }): boolean =>
  path.startsWith("/api/") && !path.startsWith("/api/auth/");

export type ResponseDefinition = {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** Further forms of the same answer that a client may ask for, such as `text/csv`. */
  readonly otherContentTypes?: readonly string[];
  /** While this isn't the end, `Retry-After` tells when a look is worth it. */
  readonly tellsWhenToLook?: true;
};

/**
 * One HTTP operation: what is validated, answered and documented. The service binds a handler to it
 * (`bind` in common), the OpenAPI documents are generated from it.
 */
export type Operation<
  A extends Access = Access,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> = {
  readonly operationId: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** With express placeholders: `/api/seats/locks/:lockId`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly responses: Readonly<Record<number, ResponseDefinition>>;
  /** Codes of the catalogue that this operation may answer with, beside the ones every operation has. */
  readonly problems: readonly ProblemCode[];
  /** Whether `Idempotency-Key` is honoured, or a request without it is refused. */
  readonly idempotency?: "optional" | "required";
  /** The handler gets the body as bytes (signatures); `body` then only documents it. */
  readonly rawBody?: true;
};

export const operation = <
  const A extends Access,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(
  definition: Operation<A, P, Q, B>,
): Operation<A, P, Q, B> => definition;
