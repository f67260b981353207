import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { platformResource, type PlatformResource } from "../../api/platform.ts";
import { contextOf } from "../../controller/context-of.ts";
import { knownMonitoringKinds } from "../../controller/monitoring-kinds.ts";
import { childKey } from "../../controller/child-head.ts";
import { budgetRefusal } from "../../desired/budget-refusal.ts";
import { connectionBudget } from "../../desired/connection-budget.ts";
import { desired } from "../../desired/index.ts";
import type { Child } from "../../desired/manifest.ts";
import type { Platform } from "../../desired/platform.ts";
import { withPinnedImages } from "../../desired/pinned-template.ts";
import { withSettings } from "../../desired/revision-settings.ts";
import { resolve } from "../../desired/resolve.ts";
import { observed, type ObservedObject } from "../../metadata/observed-object.ts";
import { kindNamed, objectPath } from "../../metadata/resource-kinds.ts";
import type { ApiClient } from "../../runtime/api-client.ts";
import { isNotFound } from "../../runtime/api-error.ts";
import { findPlatform } from "../find-platform.ts";
import { readOperatorSettings } from "../operator-settings.ts";
import type { Session } from "../session.ts";
import { takeSnapshot } from "../take-snapshot.ts";
import { UsageError } from "../usage-error.ts";
import { makePlan } from "./make-plan.ts";
import { plannedRevision } from "./planned-revision.ts";
import { renderPlan } from "./render-plan.ts";

/** As terraform's and kubectl diff's habit for CI: 0 nothing to do, 2 something; 1 is an error. */
const EXIT_NO_CHANGES = 0;
const EXIT_CHANGES = 2;

/** Shows what the operator would do. Only reads. */
export async function runPlan(session: Session): Promise<number> {
  const { client, options, paint } = session;
  const current = await findPlatform(session);
  const resource = options.file === undefined ? current : await fromFile(options.file, current);
  const { images } = await readOperatorSettings(session);
  const unpinned = resolve(resource, images);
  const monitoringKinds = await knownMonitoringKinds(client);
  const snapshot = await takeSnapshot(client, unpinned, monitoringKinds);
  const sources = {
    operatorNamespace: options.operatorNamespace,
    monitoringKinds,
    randomSeed: () => randomBytes(32),
  };
  const fresh = contextOf(sources, unpinned, snapshot);
  const revision = await plannedRevision(client, resource, fresh, snapshot);
  const platform = withPinnedImages(withSettings(unpinned, revision.settings), revision.pins);
  const context = { ...fresh, platform, pins: revision.pins };
  const children = desired(context);
  const objects = new Map([
    ...snapshot.children,
    ...(await withoutOurLabels(client, children, snapshot.children)),
  ]);
  const completedJobs = new Set(resource.status?.completedJobs);
  const plan = makePlan(context, children, { objects, owned: snapshot.owned, completedJobs });
  const budget = connectionBudget(platform);
  if (options.isJson) session.printJson({ platform: nameOf(platform), ...plan, budget });
  else {
    const heading = {
      platform: nameOf(platform),
      notes: [...notesOn(platform), ...revision.notes],
      connections: `${budget.clientsNeeded} of ${budget.clientsMax} client connections at the maxima`,
    };
    session.print(renderPlan(plan, heading, paint));
  }
  return plan.changes.length === 0 ? EXIT_NO_CHANGES : EXIT_CHANGES;
}

function nameOf({ namespace, name }: Platform): string {
  return `${namespace}/${name}`;
}

function notesOn(platform: Platform): string[] {
  const refusal = budgetRefusal(platform);
  return [
    ...(platform.paused
      ? ["The platform is paused: nothing of this happens before jatractl resume."]
      : []),
    ...(refusal === undefined ? [] : [`Refused: ${refusal.message}`]),
  ];
}

const document = z.object({
  kind: z.literal("JatraPlatform"),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  spec: z.unknown(),
});

/** The cluster's resource with the file's spec: everything else belongs to the server. */
async function fromFile(file: string, current: PlatformResource): Promise<PlatformResource> {
  const documents = parseAllDocuments(await readFile(file, "utf8"));
  const found = documents
    .map((one) => document.safeParse(one.toJS()))
    .flatMap((one) => (one.success ? [one.data] : []))
    .find(({ metadata }) => metadata.name === current.metadata.name);
  if (found === undefined) {
    throw new UsageError(`${file} has no JatraPlatform called ${current.metadata.name}.`);
  }
  const parsed = platformResource.safeParse({ ...current, spec: found.spec ?? {} });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UsageError(`${file}: ${problems.join("; ")}.`);
}

/** Objects of a child's name that our labels don't find: somebody else's, or without labels. */
async function withoutOurLabels(
  client: ApiClient,
  children: readonly Child[],
  seen: ReadonlyMap<string, ObservedObject>,
): Promise<(readonly [string, ObservedObject])[]> {
  const missing = children.filter((child) => !seen.has(childKey(child)));
  const found = await Promise.all(
    missing.map(async (child) => {
      const { kind, metadata } = child.manifest;
      try {
        const path = objectPath(kindNamed(kind), metadata.namespace, metadata.name);
        return [
          childKey(child),
          observed(kind, await client.call({ method: "GET", path })),
        ] as const;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    }),
  );
  return found.filter((entry) => entry !== undefined);
}
