import assert from "node:assert/strict";
import { CommandFailed, run } from "../../cluster/run-command.ts";
import { figuresSince, gatewayFigures } from "./gateway-figures.ts";
import { kubectl } from "./kubectl.ts";
import { baseUrl } from "./test-cluster.ts";

/** The last ones are as good as any to name a cause. */
const LOG_LINES_MAX = 10;

/**
 * Loads the gateway with `ab`, as the guide does. Throws unless every request got a 2xx: with ab's report, which knows no statuses,
 * what the gateways themselves counted meanwhile by status, and their last words on failed requests.
 */
export const loadGateway = async (
  path: string,
  { requests, atOnce }: { readonly requests: number; readonly atOnce: number },
): Promise<void> => {
  const before = await gatewayFigures();
  const args = ["-q", "-n", String(requests), "-c", String(atOnce), `${baseUrl}${path}`];
  const report = await run("ab", args).catch(reportOfBreak);
  if (isClean(report, requests)) return;
  const figures = figuresSince(before, await gatewayFigures());
  assert.fail([report, "The gateways counted:", ...figures, ...(await lastFailures())].join("\n"));
};

/** What ab said before it gave up, as it does at the first connection that breaks. */
const reportOfBreak = (error: unknown): string => {
  if (error instanceof CommandFailed) return error.output;
  throw error;
};

export const isClean = (report: string, requests: number): boolean =>
  new RegExp(`^Complete requests: +${requests}$`, "m").test(report) &&
  /^Failed requests: +0$/m.test(report) &&
  !report.includes("Non-2xx responses");

const lastFailures = async (): Promise<string[]> => {
  const log = await kubectl("logs", "-l", "app=api-gateway", "--prefix", "--tail=500");
  const failures = log.split("\n").filter((line) => line.includes('"request failed"'));
  return ["Their last failed requests:", ...failures.slice(-LOG_LINES_MAX)];
};
