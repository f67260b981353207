import { z } from "zod";
import type { Connection, Pod } from "./connections.ts";
import { kubectl } from "./kubectl.ts";

/** Strict: a kind of rule that isn't understood here must not count as allowed or refused by accident. */
const selectorSchema = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
});
const policiesSchema = z.object({
  items: z.array(
    z.object({
      spec: z.strictObject({
        podSelector: selectorSchema,
        policyTypes: z.array(z.literal("Ingress")),
        ingress: z
          .array(
            z.strictObject({
              from: z
                .array(
                  z.strictObject({
                    podSelector: selectorSchema,
                    namespaceSelector: selectorSchema.optional(),
                  }),
                )
                .optional(),
              ports: z.array(z.strictObject({ protocol: z.literal("TCP"), port: z.number() })),
            }),
          )
          .default([]),
      }),
    }),
  ),
});
export type Policies = z.infer<typeof policiesSchema>["items"];

/** The NetworkPolicies that live in the platform's namespace. */
export const livingPolicies = async (): Promise<Policies> =>
  policiesSchema.parse(JSON.parse(await kubectl("get", "networkpolicy", "-o", "json"))).items;

/**
 * Whether the policies let a connection between two pods of one namespace through: a pod that a policy selects takes only
 * what a rule names (Kubernetes, "Network Policies"). Rules for other namespaces don't count here.
 */
export const allows = (policies: Policies, { source, target, port }: Connection): boolean => {
  const selecting = policies.filter(({ spec }) => selects(spec.podSelector, target));
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) =>
    spec.ingress.some(
      ({ from, ports }) =>
        ports.some((allowed) => allowed.port === port) &&
        (from === undefined ||
          from.some(
            (peer) => peer.namespaceSelector === undefined && selects(peer.podSelector, source),
          )),
    ),
  );
};

const selects = (selector: z.infer<typeof selectorSchema>, pod: Pod): boolean =>
  Object.entries(selector.matchLabels).every(([label, value]) => pod.labels[label] === value);
