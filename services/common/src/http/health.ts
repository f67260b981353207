import type { Express, RequestHandler } from "express";
import { requestIdHeader } from "@jatra/contracts/identity.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { inTime } from "../service/in-time.ts";
import { requestIdOf } from "./request-id.ts";

/** Checks by name that must all pass for the pod to get traffic, such as a query on the pool. */
export type Health = {
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  /** False once the process has been told to stop: readiness fails while it drains. */
  readonly accepting: () => boolean;
};

/** A check slower than this counts as failed; below the kubelet's own probe timeout. */
const CHECK_TIMEOUT_MS = 2_000;

/**
 * `/health/live` says that the process runs; it never looks at a store, or a store's restart would restart every pod.
 * `/health` and `/health/ready` say whether it can work.
 */
export const mountHealth = (app: Express, health: Health, metrics: Metrics): void => {
  app.get("/health/live", nameAnswer, (_request, response) => {
    response.json({ status: "ok" });
  });
  app.get(["/health", "/health/ready"], nameAnswer, async (_request, response) => {
    const failed = await failedChecks(health);
    const ready = health.accepting() && failed.length === 0;
    response.status(ready ? 200 : 503).json({ status: ready ? "ok" : "unavailable", failed });
  });
  app.get("/metrics", nameAnswer, async (_request, response) => {
    response.set("Content-Type", metrics.registry.contentType);
    response.send(await metrics.registry.metrics());
  });
};

/** The request's id on what express answers by itself; `sendReply` puts it on every other answer, with the rest of the headers. */
export const nameAnswer: RequestHandler = (request, response, next) => {
  response.set(requestIdHeader, requestIdOf(request));
  next();
};

const failedChecks = async ({ checks }: Health): Promise<string[]> => {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
  );
  return results.flat();
};

const passes = async (check: () => Promise<void>): Promise<boolean> => {
  try {
    await inTime(check(), CHECK_TIMEOUT_MS, () => new Error("too slow"));
    return true;
  } catch {
    return false;
  }
};
