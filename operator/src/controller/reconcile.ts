import { platformResource, type PlatformResource } from "../api/platform.ts";
import type { RolloutStatus } from "../api/rollout.ts";
import { affordable, budgetRefusal, isHeldBack } from "../desired/budget-refusal.ts";
import { bootstrapJobName } from "../desired/bootstrap-job.ts";
import { stableJson } from "../desired/content-hash.ts";
import type { Context } from "../desired/context.ts";
import { lackedValues } from "../desired/lacked-values.ts";
import { migrationJobName } from "../desired/migration-jobs.ts";
import type { Platform } from "../desired/platform.ts";
import { resolve } from "../desired/resolve.ts";
import { secretProblems, type SecretProblem } from "../desired/secrets/given-secrets.ts";
import { platformStatus } from "../status/index.ts";
import type { View } from "../status/view.ts";
import { applyChildren, type ApplyReport } from "./apply-children.ts";
import { recallApplied, recordApplied } from "./applied-record.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { ChildHead } from "./child-head.ts";
import type { DesiredChildren } from "./desired-memo.ts";
import { finishDeletion } from "./deletion/finish-deletion.ts";
import { keepFinalizer } from "./deletion/keep-finalizer.ts";
import { eventsOf } from "./events-of.ts";
import { hastenPool } from "./hasten-pool.ts";
import { brokerLogin, messagingOf } from "./messaging-of.ts";
import { contextOf } from "./context-of.ts";
import { observe, type Snapshot } from "./observe.ts";
import { remove, surplus } from "./prune.ts";
import { followRollout, type Followed, type RolloutTools } from "./rollout/follow-rollout.ts";
import { readGates } from "./rollout/read-gates.ts";
import { listRevisions } from "./rollout/revisions.ts";
import type { ReconcileTools } from "./reconcile-tools.ts";
import { rotateLogins } from "./rotate-logins.ts";
import { rejectSecond, olderPlatform } from "./second-platform.ts";
import { writeStatus } from "./write-status.ts";

/** Queues have no watch: how long one that was deleted by hand may be missing. */
const LOOK_AGAIN_MS = 15_000;
/** A soak's end and a gate's failure have no watch either. */
const ROLLOUT_AGAIN_MS = 3000;

export interface Outcome {
  /** When to come again although nothing has happened; undefined for a platform that is gone. */
  readonly againMs: number | undefined;
}

/**
 * One run for one platform: observe, desired, apply, prune, status. Safe to run at any moment
 * and after any crash; whatever it was in the middle of, the next run finds out by looking.
 */
export async function reconcile(
  tools: ReconcileTools,
  namespace: string,
  name: string,
): Promise<Outcome> {
  const seen = tools.cache.platform(namespace, name);
  if (seen === undefined || seen.deleting) {
    // Children go by garbage collection; what is retained has no owner and stays.
    tools.memory.forgetAll(`${namespace}/${name}`);
    tools.desired.forget(namespace, name);
    if (seen !== undefined) await finishDeletion(tools, seen);
    return { againMs: undefined };
  }
  const resource = platformResource.parse(seen.raw);
  const older = olderPlatform(tools.cache.platforms(), seen);
  if (older !== undefined) {
    await rejectSecond(tools.client, resource, older, tools.now());
    return { againMs: LOOK_AGAIN_MS };
  }
  const wanted = resolve(resource, tools.images);
  if (!wanted.paused) {
    const marked = await keepFinalizer(tools.client, wanted, resource.metadata);
    if (marked !== undefined) tools.cache.learn(marked);
  }
  const seenNow = await observe(tools.cache, tools.secrets, wanted);
  const { snapshot: before, steps } = rotateLogins(contextOf(tools, wanted, seenNow), seenNow, {
    annotations: resource.metadata.annotations ?? {},
    completedJobs: resource.status?.completedJobs ?? [],
    seed: tools.randomSeed(),
  });
  const fresh = contextOf(tools, wanted, before);
  const followed = await followRollout(rolloutTools(tools, fresh, before), resource, fresh, before);
  await writeRollout(tools, resource, followed.rollout);
  const context = { ...fresh, platform: followed.platform, pins: followed.pins };
  const problems = secretProblems(context.platform, before.given);
  const completed = new Set(resource.status?.completedJobs);
  const report = context.platform.paused
    ? { written: [], failures: [], unexpected: undefined }
    : await converge(tools, context, before, problems, completed);
  await tell(tools, resource, context, { report, followed, problems });
  for (const note of context.platform.paused ? [] : steps) {
    const event = { type: "Normal", reason: "LoginRotation", action: "RotateLogin", note } as const;
    await tools.record(resource.metadata, event);
  }
  if (report.unexpected !== undefined) throw report.unexpected;
  // Not while much is under way: the record is for what stays as it is.
  if (followed.rollout.phase === "Settled") {
    await recordApplied(tools.client, tools.memory, context.platform);
  }
  return { againMs: isUnderWay(followed.rollout) ? ROLLOUT_AGAIN_MS : LOOK_AGAIN_MS };
}

function rolloutTools(tools: ReconcileTools, fresh: Context, before: Snapshot): RolloutTools {
  const { client, cache, revisions, now } = tools;
  const { platform } = fresh;
  return {
    client,
    revisions,
    listRevisions: async () => await listRevisions(client, platform),
    learn: (object) => cache.learn(object),
    readGates: async () => await readGates(before.pods, platform.name, brokerLogin(fresh)),
    now,
  };
}

/** A step is written before it is taken: whoever comes after a crash goes on from there. */
async function writeRollout(
  tools: ReconcileTools,
  resource: PlatformResource,
  rollout: RolloutStatus,
): Promise<void> {
  if (stableJson(rollout) === stableJson(resource.status?.rollout)) return;
  const written = await writeStatus(tools.client, resource, { ...resource.status, rollout });
  if (written !== undefined) tools.cache.learn(written);
}

function isUnderWay({ phase }: RolloutStatus): boolean {
  return phase === "Installing" || phase === "Rolling" || phase === "RollingBack";
}

async function converge(
  tools: ReconcileTools,
  context: Context,
  before: Snapshot,
  problems: readonly SecretProblem[],
  completedJobs: ReadonlySet<string>,
): Promise<ApplyReport> {
  const { platform } = context;
  await recallApplied(tools.client, tools.memory, platform);
  const children = tools.desired.childrenOf(context);
  const isRefused = budgetRefusal(platform) !== undefined;
  const unwanted = surplus(platform, children.heads, before.children).filter(
    ({ kind, labels }) => !(isRefused && isHeldBack(platform, kind, labels)),
  );
  // An HPA goes before its Deployment's count is fixed, or it would move it once more.
  const isScaler = (kind: string) => kind === "HorizontalPodAutoscaler";
  for (const object of unwanted.filter(({ kind }) => isScaler(kind))) {
    await remove(tools.client, object);
  }
  const seen = before.children;
  const made = { heads: allowed(context, problems, children), whole: children.whole };
  const report = await applyChildren(tools, platform, made, seen, completedJobs);
  for (const { object } of report.written) tools.cache.learn(object);
  if (!isRefused) {
    const told = await hastenPool(tools.client, context, before.pods, report.failures);
    for (const pod of told) tools.cache.learn(pod);
  }
  for (const object of unwanted.filter(({ kind }) => !isScaler(kind))) {
    await remove(tools.client, object);
  }
  return report;
}

/** Those that the budget has room for and that have every value they need; others stay as they are until people mend it. */
function allowed(
  context: Context,
  problems: readonly SecretProblem[],
  { heads, whole }: DesiredChildren,
): readonly ChildHead[] {
  const affordableHeads = affordable(context.platform, heads);
  if (problems.length === 0) return affordableHeads;
  return affordableHeads.filter((head) => lackedValues(context, whole(head)).length === 0);
}

function isCertificateThere(cache: ClusterCache, { namespace, gateway }: Platform): boolean {
  const name = gateway.ingress?.tlsSecretName;
  return name === undefined || cache.child("Secret", namespace, name) !== undefined;
}

interface Done {
  readonly report: ApplyReport;
  readonly followed: Followed;
  readonly problems: readonly SecretProblem[];
}

async function tell(
  tools: ReconcileTools,
  resource: PlatformResource,
  context: Context,
  { report, followed, problems }: Done,
): Promise<void> {
  const { platform } = context;
  const { rollout, keptJobs } = followed;
  const after = tools.cache.childrenOf(platform.namespace, platform.name);
  const topology = await messagingOf(context, after.children);
  const view: View = {
    platform,
    ...after,
    bootstrapJob: bootstrapJobName(context),
    migrationJobs: new Map(
      platform.services.flatMap((service) =>
        service.facts.database === undefined
          ? []
          : [[service.facts.name, migrationJobName(context, service)] as const],
      ),
    ),
    failures: report.failures,
    secretProblems: problems,
    isCertificateThere: isCertificateThere(tools.cache, platform),
    messaging: topology.messaging,
    rollout,
    keptJobs,
  };
  const status = platformStatus(view, resource.status, tools.now());
  const written = await writeStatus(tools.client, resource, status);
  if (written !== undefined) tools.cache.learn(written);
  for (const event of eventsOf(report, topology.declared, resource.status, status)) {
    await tools.record(resource.metadata, event);
  }
}
