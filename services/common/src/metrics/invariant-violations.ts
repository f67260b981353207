import { Gauge } from "prom-client";
import { oncePerRegistry } from "./once-per-registry.ts";

/** Each service tells what it can see of I1 to I9 in its own stores; one alert is for all. */
export const invariantViolations = oncePerRegistry(
  (registry) =>
    new Gauge({
      name: "jatra_invariant_violations",
      help: "Violations found of an invariant of the platform; anything but 0 is an alarm",
      labelNames: ["invariant"],
      registers: [registry],
    }),
);
