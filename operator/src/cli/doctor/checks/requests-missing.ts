import { z } from "zod";
import { found, type Check } from "../evidence.ts";

const pod = z.object({
  spec: z
    .object({
      containers: z.array(
        z.object({
          name: z.string(),
          resources: z
            .object({ requests: z.record(z.string(), z.unknown()).default({}) })
            .default({ requests: {} }),
        }),
      ),
    })
    .default({ containers: [] }),
});

/** An HPA's percentage is of the request: one container without it, and there is no percentage. */
export const requestsMissing: Check = {
  name: "requests",
  examine: ({ pods, platform }) => {
    const scaled = new Set(
      platform.services
        .filter(({ autoscaling }) => autoscaling !== undefined)
        .map(({ facts }) => facts.name),
    );
    const lacking = pods
      .filter(({ labels }) => scaled.has(labels["app"] ?? ""))
      .flatMap((object) =>
        pod
          .parse(object.raw)
          .spec.containers.filter(({ resources }) => resources.requests["cpu"] === undefined)
          .map(({ name }) => `${name} in ${object.name}`),
      );
    if (lacking.length === 0) return found([]);
    return found([
      {
        severity: "problem",
        what: `Containers without a CPU request, so their HPA has no percentage: ${lacking.join(", ")}.`,
        todo: [
          "Something adds containers (a mesh, a webhook): give its containers a CPU request there.",
          `kubectl get pods -n ${platform.namespace} -o yaml | grep -A 5 resources`,
        ],
      },
    ]);
  },
};
