import { z } from "zod";
import type { ImageDefaults } from "./desired/resolve-image.ts";

const list = z
  .string()
  .default("")
  .transform((text) => text.split(",").map((part) => part.trim()))
  .transform((parts) => parts.filter((part) => part !== ""));

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is no JSON" });
    return z.NEVER;
  }
});

const environment = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  POD_NAME: z.string().default("jatra-operator"),
  POD_NAMESPACE: z.string().default("jatra-system"),
  WATCH_NAMESPACES: list,
  PLATFORM_IMAGE_REPOSITORY: z.string().min(1).default("jatra"),
  PLATFORM_IMAGE_TAG: z.string().min(1),
  STORE_IMAGES: json.pipe(z.record(z.string(), z.string())).default({}),
});

export interface Config {
  readonly port: number;
  readonly logLevel: string;
  readonly podName: string;
  readonly podNamespace: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly images: ImageDefaults;
}

/** The operator's settings. Throws one sentence a wrong variable. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${issue.message}`,
    );
    throw new Error(`Wrong environment: ${problems.join("; ")}.`);
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    podName: data.POD_NAME,
    podNamespace: data.POD_NAMESPACE,
    namespaces: data.WATCH_NAMESPACES,
    images: {
      repository: data.PLATFORM_IMAGE_REPOSITORY,
      tag: data.PLATFORM_IMAGE_TAG,
      storeImages: data.STORE_IMAGES,
    },
  };
}
