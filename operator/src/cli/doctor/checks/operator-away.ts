import { found, type Check } from "../evidence.ts";

/** Nothing below is mended while no operator runs; what it reports itself comes first. */
export const operatorAway: Check = {
  name: "operator",
  examine: ({ operatorsReady, conditions, platform }) =>
    found([
      ...(operatorsReady > 0
        ? []
        : [
            {
              severity: "problem" as const,
              what: "No pod of the operator is ready: nothing is mended, the status is old.",
              todo: ["kubectl describe pods -n jatra-system -l app=jatra-operator"],
            },
          ]),
      ...(platform.paused
        ? [
            {
              severity: "warning" as const,
              what: "The platform is paused: the operator changes nothing.",
              todo: ["jatractl resume"],
            },
          ]
        : []),
      ...conditions
        .filter(({ type, status }) => type === "Degraded" && status === "True")
        .map(({ message }) => ({
          severity: "problem" as const,
          what: `Degraded: ${message}`,
          todo: [`kubectl describe jp ${platform.name} -n ${platform.namespace}`],
        })),
    ]),
};
