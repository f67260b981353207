import { repository } from "../../cluster/folders.ts";
import { edgeImage, startNginx } from "../edge/edge-container.ts";
import { freePort } from "@jatra/testing/free-port.ts";
import { runWrk, type WrkResult } from "../edge/run-wrk.ts";
import { signIn } from "../platform/access-tokens.ts";
import { startServiceProcess, type ServiceProcess } from "../platform/service-process.ts";
import { startPlatform, type BenchPlatform } from "../platform/start-platform.ts";
import { ratioTo, type Bench } from "../row.ts";

const CONNECTIONS = 64;
const TOKENS = 1_000;
const PATH = "/api/search/stations?q=dhaka";
const ROUNDS = 5;
const SECONDS = 5;
const WARM_UP_SECONDS = 5;

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
    const platform = await startPlatform({
      services: ["auth", "api-gateway"],
      standIns: { search: "e2e/bench/variants/half-kilobyte.ts" },
    });
    const rivals = await startRivals(image, platform.url("search"), platform.stop);
    try {
      const tokens = (await signIn(platform, TOKENS)).map(({ token }) => token);
      const contenders = [
        gatewayOf(platform),
        ...rivals.contenders,
        { name: "the service itself", url: platform.url("search") },
      ];
      const load = async ({ url, cpuMs }: Contender, seconds: number): Promise<Round> => {
        const beforeMs = cpuMs?.() ?? Number.NaN;
        const target = `${url}${PATH}`;
        const wrk = { image, url: target, connections: CONNECTIONS, seconds, tokens };
        const result = await runWrk(wrk);
        const usedMs = (cpuMs?.() ?? Number.NaN) - beforeMs;
        return { ...result, cpuMicros: (usedMs * 1_000) / (result.perSecond * seconds) };
      };
      for (const each of contenders) await load(each, brief ? 1 : WARM_UP_SECONDS);
      const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
      for (let round = 0; round < (brief ? 1 : ROUNDS); round += 1) {
        for (const each of contenders) {
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

const gatewayOf = (platform: BenchPlatform): Contender => {
  const process = platform.processes.find(({ name }) => name === "api-gateway");
  if (!process) throw new Error("the platform has no gateway");
  return { name: "gateway", url: process.url, cpuMs: process.cpuMs };
};

const rowOf = (results: ReadonlyMap<string, readonly Round[]>) => {
  const rate = (name: string): number =>
    median((results.get(name) ?? []).map(({ perSecond }) => perSecond));
  const value = rate("gateway");
  const against = Object.keys(goals).map((name) => ({ name: `${name}, bare`, value: rate(name) }));
  const ratios = Object.entries(goals).map(([name, goal]) => ({
    name,
    goal,
    ratio: value / rate(name),
  }));
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
      `median of the rounds, in turns; the service itself ${rate("the service itself").toFixed(0)}/s; ` +
        `gateway p99 ${p99.toFixed(1)} ms`,
      `CPU of the process a request: ${cpu}`,
      "one process each (nginx: one worker); gateway: tokens checked, limits of address and user in Redis, breaker, metrics, request id",
    ],
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
