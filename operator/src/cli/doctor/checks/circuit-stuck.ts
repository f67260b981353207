import { readWorkload } from "../../../status/read-objects.ts";
import { found, type Ailment, type Check, type Evidence } from "../evidence.ts";

/** An open circuit is right while its service is down, and stuck when that is there again. */
export const circuitStuck: Check = {
  name: "circuits",
  examine: (evidence) => {
    const { circuits } = evidence;
    if ("obstacle" in circuits) return circuits;
    const open = new Map<string, number>();
    for (const { service, state } of circuits.found.pods.flatMap((pod) => pod.circuits)) {
      if (state === "open") open.set(service, (open.get(service) ?? 0) + 1);
    }
    const pods = circuits.found.pods.length;
    return found([...open].map(([service, count]) => ailment(evidence, service, count, pods)));
  },
};

function ailment(
  { platform, children }: Evidence,
  key: string,
  count: number,
  pods: number,
): Ailment {
  const facts = platform.services.find((service) => service.facts.key === key)?.facts;
  const name = facts?.name ?? key;
  const { ready, desired } = readWorkload(children.get(`Deployment/${name}`));
  const where = `The circuit of ${key} is open in ${count} of ${pods} gateway pods`;
  const logs = `kubectl logs -n ${platform.namespace} -l app=${name} --tail=100`;
  if (ready === 0) {
    return {
      severity: "problem",
      what: `${where}, and rightly so: ${name} has ${ready} of ${desired} pods ready.`,
      todo: [logs, `kubectl describe pods -n ${platform.namespace} -l app=${name}`],
    };
  }
  return {
    severity: "problem",
    what: `${where}, although ${name} has ${ready} of ${desired} pods ready.`,
    todo: [`${logs}  (it answered with errors or too late)`, `jatractl circuits reset ${key}`],
  };
}
