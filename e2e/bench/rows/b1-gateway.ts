import { repository } from "../../cluster/folders.ts";
import { edgeImage, startNginx } from "../edge/edge-container.ts";
import { CONNECTIONS, loadEdge, startEdgePlatform, TOKENS } from "../edge/gateway-under-wrk.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import type { WrkResult } from "../edge/run-wrk.ts";
import { median } from "../load/latencies.ts";
import { startServiceProcess, type ServiceProcess } from "../platform/service-process.ts";
import { ratioTo, type Bench } from "../row.ts";

/** Short and many: a neighbour's busy seconds spoil a round, and the ratios are taken within rounds. */
const ROUNDS = 9;
const SECONDS = 3;
const WARM_UP_SECONDS = 4;

/** Ratios that the gateway is to reach, by rival. */
const goals = { "http-proxy-middleware": 2.2, "@fastify/http-proxy": 1.1, nginx: 0.5 } as const;

type Contender = {
  readonly name: string;
  readonly url: string;
  /** User and system time so far, where it is a process of ours. */
  readonly cpuMs?: () => number;
};
/** `cpuMicros`: of the contender's own process for each request; NaN where nobody knows. */
type Round = WrkResult & { readonly cpuMicros: number };

/** The gateway with everything on, beside bare proxies before the same service, in turns. */
export const gatewayProxy: Bench = {
  id: "B1",
  title: "the gateway with everything on beside bare proxies",
  measure: async ({ brief, say }) => {
    const image = await edgeImage();
    const { platform, gateway, tokens } = await startEdgePlatform();
    const rivals = await startRivals(image, platform.url("search"), platform.stop);
    try {
      const contenders = [
        { name: "gateway", url: gateway.url, cpuMs: gateway.cpuMs },
        ...rivals.contenders,
        { name: "the service itself", url: platform.url("search") },
      ];
      const load = async ({ url, cpuMs }: Contender, seconds: number): Promise<Round> => {
        const beforeMs = cpuMs?.() ?? Number.NaN;
        const result = await loadEdge({ image, url, tokens, seconds });
        const usedMs = (cpuMs?.() ?? Number.NaN) - beforeMs;
        return { ...result, cpuMicros: (usedMs * 1_000) / (result.perSecond * seconds) };
      };
      for (const each of contenders) await load(each, brief ? 1 : WARM_UP_SECONDS);
      const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
      for (let round = 0; round < (brief ? 1 : ROUNDS); round += 1) {
        // To and fro, so that nobody always comes after the same one.
        for (const each of round % 2 === 0 ? contenders : contenders.toReversed()) {
          const seconds = brief ? 1 : SECONDS;
          const result = await load(each, seconds);
          results.get(each.name)?.push(result);
          say(`${each.name}: ${result.perSecond.toFixed(0)}/s, p99 ${result.p99Ms.toFixed(1)} ms`);
        }
      }
      return [rowOf(results)];
    } finally {
      await rivals.stop();
      await platform.stop();
    }
  },
};

const startRivals = async (
  image: string,
  upstream: string,
  stopPlatform: () => Promise<void>,
): Promise<{ readonly contenders: readonly Contender[]; readonly stop: () => Promise<void> }> => {
  const [first, second, third] = [await freePort(), await freePort(), await freePort()];
  const scripts = [
    ["http-proxy-middleware", "bare-http-proxy-middleware", first],
    ["@fastify/http-proxy", "bare-fastify-proxy", second],
  ] as const;
  const processes: ServiceProcess[] = [];
  let stopNginx: (() => Promise<void>) | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((one) => one.stop()));
    await stopNginx?.();
  };
  try {
    for (const [, script, port] of scripts) {
      const environment = { NODE_ENV: "production", PORT: String(port), UPSTREAM_URL: upstream };
      const file = `e2e/bench/variants/${script}.ts`;
      const where = { name: script, folder: repository, script: file };
      processes.push(await startServiceProcess({ ...where, port, environment }));
    }
    stopNginx = await startNginx(image, { own: third, upstream: Number(new URL(upstream).port) });
  } catch (error) {
    await stop();
    await stopPlatform();
    throw error;
  }
  const urlOf = (port: number): string => `http://127.0.0.1:${port}`;
  const contenders: Contender[] = scripts.map(([name, , port], index) => {
    const cpuMs = processes[index]?.cpuMs;
    return { name, url: urlOf(port), ...(cpuMs ? { cpuMs } : {}) };
  });
  return { contenders: [...contenders, { name: "nginx", url: urlOf(third) }], stop };
};

const rowOf = (results: ReadonlyMap<string, readonly Round[]>) => {
  const rate = (name: string): number =>
    median((results.get(name) ?? []).map(({ perSecond }) => perSecond));
  const value = rate("gateway");
  const against = Object.keys(goals).map((name) => ({ name: `${name}, bare`, value: rate(name) }));
  const ratios = Object.entries(goals).map(([name, goal]) => {
    const rounds = results.get(name) ?? [];
    const own = results.get("gateway") ?? [];
    const each = rounds.map(({ perSecond }, round) => (own[round]?.perSecond ?? 0) / perSecond);
    return { name, goal, ratio: median(each) };
  });
  const cpu = [...results]
    .map(([name, rounds]) => [name, median(rounds.map(({ cpuMicros }) => cpuMicros))] as const)
    .filter(([, micros]) => !Number.isNaN(micros))
    .map(([name, micros]) => `${name} ${micros.toFixed(0)} µs`)
    .join(", ");
  const p99 = median((results.get("gateway") ?? []).map(({ p99Ms }) => p99Ms));
  return {
    id: "B1",
    what: `GET of 0.5 kB through the gateway, everything on, ${TOKENS} tokens, ${CONNECTIONS} connections`,
    value,
    unit: "/s",
    against,
    ratio: ratioTo(value, against, "more"),
    goal: ratios.map(({ name, goal }) => `≥ ${goal} × ${name}`).join(", "),
    met: ratios.every(({ goal, ratio }) => ratio >= goal),
    notes: [
      ratios.map(({ name, ratio }) => `${ratio.toFixed(2)} × ${name}`).join(", "),
      `medians of ${ROUNDS} rounds of ${SECONDS} s in turns, ratios within the rounds; the service itself ${rate("the service itself").toFixed(0)}/s; ` +
        `gateway p99 ${p99.toFixed(1)} ms`,
      `CPU of the process a request: ${cpu}`,
      "one process each (nginx: one worker); gateway: tokens checked, limits of address and user in Redis, breaker, metrics, request id",
    ],
  };
};
