import { SERVICES } from "../metadata/services.ts";

export interface GatewayFigures {
  /** Requests answered, probes apart. */
  readonly requests: number;
  /** Of those, answers 5xx. */
  readonly failures: number;
  /** Deployments' names of services whose circuit is open. */
  readonly openCircuits: readonly string[];
}

const SAMPLE = /^(\w+)\{(.*)\} ([0-9.e+]+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
/** What kubelet, Prometheus and we ourselves ask for. */
const PROBES = /^\/(health|metrics)/;

/** Reads a gateway's `/metrics` (Prometheus text format). Pure. */
export function gatewayFigures(text: string): GatewayFigures {
  let requests = 0;
  let failures = 0;
  const open: string[] = [];
  for (const line of text.split("\n")) {
    const [, name, labelText = "", value = "0"] = SAMPLE.exec(line) ?? [];
    if (name === undefined) continue;
    const labels = new Map([...labelText.matchAll(LABEL)].map(([, key, word]) => [key, word]));
    if (name === "http_request_duration_seconds_count") {
      if (PROBES.test(labels.get("route") ?? "")) continue;
      requests += Number(value);
      if (labels.get("status")?.startsWith("5") === true) failures += Number(value);
    }
    const isOpen = name === "circuit_breaker_state" && labels.get("state") === "open";
    if (isOpen && Number(value) > 0) open.push(labels.get("service") ?? "");
  }
  const names = new Map<string, string>(SERVICES.map(({ key, name }) => [key, name]));
  return { requests, failures, openCircuits: open.map((key) => names.get(key) ?? key) };
}
