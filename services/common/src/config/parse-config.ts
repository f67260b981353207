import type { z } from "zod";

/**
 * Reads a service's configuration from the environment, once, in `main.ts`.
 * Throws `ConfigError` with one sentence that names every wrong variable (never its value: it may be a secret).
 */
export const parseConfig = <S extends z.ZodType>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<S> => {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError(`The environment is not valid: ${wrong.join("; ")}.`);
};

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
