import type { Container, Probe } from "./kubernetes-types.ts";

type Probes = Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/**
 * Probes of a store: whether its port answers. Running a client in the container every few
 * seconds would cost more processor than the idle store itself.
 */
export function tcpProbes(port: string, startSecondsMax: number): Probes {
  return {
    startupProbe: probe(port, 2, Math.ceil(startSecondsMax / 2)),
    readinessProbe: probe(port, 5, 2),
    // A store that recovers is busy, not dead: it gets two minutes.
    livenessProbe: probe(port, 20, 6),
  };
}

function probe(port: string, periodSeconds: number, failureThreshold: number): Probe {
  return {
    tcpSocket: { port },
    periodSeconds,
    failureThreshold,
    successThreshold: 1,
    timeoutSeconds: 3,
  };
}
