import type { Overview } from "@jatra/contracts/http/admin.ts";
import type { ServiceName } from "@jatra/contracts/service-names.ts";
import { request } from "undici";
import { z } from "zod";

export type ServiceHealth = Overview["services"][number];
export type AskHealth = (service: ServiceName) => Promise<ServiceHealth>;

/** A service's own checks give up after two seconds. */
const TIMEOUT_MS = 3_000;

const healthSchema = z.object({ failed: z.array(z.string()) });

/**
 * Asks services for `/health`, which answers 503 with the failing checks: an answer here, where any other call would take a 503
 * for no answer. What doesn't answer at all is `unavailable` without a failing check.
 */
export const createAskHealth =
  (urls: ReadonlyMap<ServiceName, string>): AskHealth =>
  async (service) => {
    const started = performance.now();
    const health = await ask(urls.get(service)).catch(() => undefined);
    return {
      service,
      status: health?.status === 200 ? "ok" : "unavailable",
      failed: health?.failed ?? [],
      millis: Math.round(performance.now() - started),
    };
  };

const ask = async (baseUrl: string | undefined): Promise<{ status: number; failed: string[] }> => {
  const answer = await request(new URL("/health", baseUrl), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { failed } = healthSchema.parse(await answer.body.json());
  return { status: answer.statusCode, failed };
};
