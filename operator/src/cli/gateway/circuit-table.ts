import type { Paint } from "../paint.ts";
import { table, type Cell } from "../table.ts";
import type { Circuits } from "./circuits.ts";

/** One line a service, with how many gateway pods see it in which state. Pure. */
export function circuitLines(circuits: Circuits, paint: Paint): string[] {
  const services = [
    ...new Set(circuits.pods.flatMap((pod) => pod.circuits.map(({ service }) => service))),
  ].sort();
  const head = ["SERVICE", "STATE", "PODS", "FAILURES", "NEXT PROBE"];
  return [
    ...table([
      head.map((text) => ({ text, paint: paint.dim })),
      ...services.map((service) => row(service, circuits, paint)),
    ]),
    ...(circuits.complete
      ? []
      : ["", paint.warn("Redis is away: this is the word of one gateway pod.")]),
  ];
}

type State = Circuits["pods"][number]["circuits"][number]["state"];

/** The worst state stands for all: where pods disagree, some requests are refused. */
const WORST_FIRST: readonly State[] = ["open", "half_open", "closed"];

function row(service: string, { pods }: Circuits, paint: Paint): Cell[] {
  const seen = pods.flatMap((pod) => pod.circuits.filter((circuit) => circuit.service === service));
  const worst = WORST_FIRST.find((state) => seen.some((one) => one.state === state)) ?? "closed";
  const same = seen.filter(({ state }) => state === worst);
  const colour = { open: paint.bad, half_open: paint.warn, closed: paint.good }[worst];
  const probeInMs = Math.max(0, ...same.map((one) => one.probeInMs));
  return [
    { text: service },
    { text: worst.replace("_", "-"), paint: colour },
    { text: `${same.length}/${pods.length}` },
    { text: String(Math.max(0, ...seen.map(({ failures }) => failures))) },
    { text: worst === "open" ? `in ${Math.ceil(probeInMs / 1000)} s` : "" },
  ];
}
