import { z } from "zod";
import type { ImageDefaults } from "../desired/resolve-image.ts";
import { kindNamed, objectPath } from "../metadata/resource-kinds.ts";
import { isNotFound } from "../runtime/api-error.ts";
import { readConfig } from "../config.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage-error.ts";

const OPERATOR = "jatra-operator";

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(
          z.object({
            name: z.string(),
            env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
          }),
        ),
      }),
    }),
  }),
  status: z.object({ readyReplicas: z.int().default(0) }).default({ readyReplicas: 0 }),
});

export interface OperatorSettings {
  readonly images: ImageDefaults;
  readonly ready: number;
}

/** The running operator's defaults: a plan is made with its images, not with this copy's. */
export async function readOperatorSettings(session: Session): Promise<OperatorSettings> {
  const namespace = session.options.operatorNamespace;
  const path = objectPath(kindNamed("Deployment"), namespace, OPERATOR);
  try {
    const found = deployment.parse(await session.client.call({ method: "GET", path }));
    const container = found.spec.template.spec.containers.find(({ name }) => name === OPERATOR);
    const variables = (container?.env ?? []).map(({ name, value }) => [name, value] as const);
    const { images } = readConfig(Object.fromEntries(variables));
    return { images, ready: found.status.readyReplicas };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UsageError(
      `There is no operator in namespace ${namespace}: name another with --operator-namespace.`,
      { cause: error },
    );
  }
}
