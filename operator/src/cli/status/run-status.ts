import { setTimeout as delay } from "node:timers/promises";
import type { PlatformResource } from "../../api/platform.ts";
import { resolve } from "../../desired/resolve.ts";
import { findPlatform } from "../find-platform.ts";
import type { Session } from "../session.ts";
import { liveFigures, withLiveFigures } from "./live-figures.ts";
import { statusLines } from "./status-table.ts";

/** The status changes with its pods; the eye follows this without a flicker. */
const WATCH_MS = 2000;
const HOME_AND_CLEAR = "\u001B[H\u001B[2J\u001B[3J";

/** Prints the status, once or until Ctrl-C. */
export async function runStatus(session: Session): Promise<number> {
  if (!session.options.watch) {
    print(session, await readStatus(session));
    return 0;
  }
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  while (!stop.signal.aborted) {
    const resource = await readStatus(session);
    if (session.isTerminal) process.stdout.write(HOME_AND_CLEAR);
    print(session, resource);
    await delay(WATCH_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  return 0;
}

async function readStatus(session: Session): Promise<PlatformResource> {
  const resource = await findPlatform(session);
  const figures = await liveFigures(session, resource.metadata.namespace);
  return { ...resource, status: withLiveFigures(resource.status, figures) };
}

function print(session: Session, resource: PlatformResource): void {
  const { metadata, status } = resource;
  const platform = `${metadata.namespace}/${metadata.name}`;
  if (session.options.isJson) {
    session.printJson({ platform, generation: metadata.generation, ...status });
    return;
  }
  // Only the HPAs' targets are taken from it, and those don't depend on images.
  const { services } = resolve(resource, { repository: "", tag: "", storeImages: {} });
  const ageSeconds = (Date.now() - Date.parse(metadata.creationTimestamp)) / 1000;
  const cpuTargets = new Map(
    services.flatMap(({ facts, autoscaling }) =>
      autoscaling === undefined
        ? []
        : [[facts.name, autoscaling.targetCPUUtilizationPercentage] as const],
    ),
  );
  const { generation } = metadata;
  const columns = session.isTerminal ? process.stdout.columns : undefined;
  const view = { platform, ageSeconds, generation, status, cpuTargets, columns };
  session.print(statusLines(view, session.paint));
}
