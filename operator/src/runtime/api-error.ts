import { z } from "zod";

const statusBody = z.object({
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().optional(),
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

export type StatusCause = { readonly message: string; readonly field: string };

/** An answer of the API server that isn't 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly statusCode: number;
  /** Machine-readable, such as `AlreadyExists`; empty when the body had none. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];

  constructor(request: string, statusCode: number, body: unknown) {
    const parsed = statusBody.safeParse(body);
    const status = parsed.success ? parsed.data : {};
    super(`${request} answered ${statusCode}: ${status.message ?? "no message"}`);
    this.statusCode = statusCode;
    this.reason = status.reason ?? "";
    this.causes = (status.details?.causes ?? []).map((cause) => ({
      message: cause.message ?? "",
      field: cause.field ?? "",
    }));
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.statusCode === 404;
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.statusCode === 409;
}

/** The resource version is older than what the server remembers: list again. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.statusCode === 410;
}
