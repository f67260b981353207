import { readSamples } from "../../metrics/read-samples.ts";
import { kubectl, namesOf } from "./kubectl.ts";
import { testCluster } from "./test-cluster.ts";

/** Answers by route and status, and what the gateway counts of its own refusals and of services that didn't answer. */
const TELLING =
  /^(http_request_duration_seconds_count|gateway_\w+_total|circuit_breaker_\w+_total)$/;

/** Asked by the kubelet and by this file itself. */
const PROBES = /^\/(health|metrics)/;

/** Counts by pod and series. */
export type Figures = ReadonlyMap<string, number>;

/** What every gateway pod has counted so far. */
export const gatewayFigures = async (): Promise<Figures> => {
  const pods = await namesOf("pods", "-l", "app=api-gateway");
  const read = await Promise.all(pods.map((pod) => figuresOf(pod.replace("pod/", ""))));
  return new Map(read.flat());
};

/** What came between two looks, a line each, such as `… gateway_rate_limited_total policy=address: 7`. */
export const figuresSince = (before: Figures, after: Figures): string[] =>
  [...after]
    .map(([series, count]) => [series, count - (before.get(series) ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .map(([series, count]) => `${series}: ${count}`);

const figuresOf = async (pod: string): Promise<[series: string, count: number][]> => {
  const path = `/api/v1/namespaces/${testCluster.namespace}/pods/${pod}:3000/proxy/metrics`;
  // A pod that is just starting or going doesn't answer, and has nothing to tell.
  const text = await kubectl("get", "--raw", path).catch(() => "");
  return readSamples(text)
    .filter(({ name, labels }) => TELLING.test(name) && !PROBES.test(labels["route"] ?? ""))
    .map(({ name, labels, value }) => [`${pod} ${name} ${shown(labels)}`, value]);
};

const shown = ({ service, ...labels }: Readonly<Record<string, string>>): string =>
  Object.entries(service === "api-gateway" ? labels : { service, ...labels })
    .map(([name, text]) => `${name}=${text}`)
    .join(" ");
