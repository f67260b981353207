import { bootstrapJobName } from "../desired/bootstrap-job.ts";
import type { Context } from "../desired/context.ts";
import { derivePassword } from "../desired/secrets/key-material.ts";
import { rotateLogin } from "../desired/secrets/rotate-login.ts";
import { ANNOTATION_CONFIG_HASH, ANNOTATION_ROTATE, LABEL_NAME } from "../metadata/labels.ts";
import { databaseSecretName } from "../metadata/names.ts";
import { readJob } from "../status/read-objects.ts";
import type { Snapshot } from "./observe.ts";

export interface RotationSources {
  /** Annotations of the platform: a word there asks for every service. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly completedJobs: readonly string[];
  readonly seed: Buffer;
}

export interface RotatedLogins {
  readonly snapshot: Snapshot;
  /** What has been done, for people. */
  readonly steps: readonly string[];
}

/**
 * The snapshot with the next step of every rotation that is asked for or under way: by annotation of a service's Secret, or of the
 * platform for all of them. What is new in the Secrets is written with the other children.
 */
export function rotateLogins(
  context: Context,
  snapshot: Snapshot,
  { annotations, completedJobs, seed }: RotationSources,
): RotatedLogins {
  const steps: string[] = [];
  const secrets = new Map(snapshot.secrets);
  const bootstrap = bootstrapJobName(context);
  const job = snapshot.children.get(`Job/${bootstrap}`);
  // Without a bootstrap the logins are somebody else's, and none is found below.
  const isBootstrapped =
    bootstrap !== undefined && (completedJobs.includes(bootstrap) || readJob(job) === "complete");
  for (const { facts } of context.platform.services) {
    const name = databaseSecretName(facts.name);
    const values = secrets.get(name);
    if (facts.database === undefined || values === undefined) continue;
    const own = snapshot.children.get(`Secret/${name}`)?.annotations[ANNOTATION_ROTATE];
    const asked = [annotations[ANNOTATION_ROTATE], own].filter(Boolean).join(" ");
    const podHashes = snapshot.pods
      .filter(({ labels }) => labels[LABEL_NAME] === facts.name)
      .map((pod) => pod.annotations[ANNOTATION_CONFIG_HASH] ?? "");
    const view = { asked, isBootstrapped, podHashes };
    const rotated = rotateLogin(facts.database.role, values, view, () =>
      derivePassword(seed, `${name}/${asked}`),
    );
    if (rotated.step === undefined) continue;
    secrets.set(name, rotated.values);
    steps.push(`${facts.name}: ${rotated.step}`);
  }
  return { snapshot: steps.length === 0 ? snapshot : { ...snapshot, secrets }, steps };
}
