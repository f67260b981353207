import { bootstrapJobName } from "../desired/bootstrap-job.ts";
import type { Context } from "../desired/context.ts";
import { deriveEd25519PrivateKey, derivePassword } from "../desired/secrets/key-material.ts";
import { rotateLogin, type Rotated } from "../desired/secrets/rotate-login.ts";
import {
  ANNOTATION_CONFIG_HASH,
  ANNOTATION_ROTATE,
  ANNOTATION_ROTATE_KEY,
  LABEL_NAME,
} from "../metadata/labels.ts";
import { databaseSecretName, TICKET_KEYS_SECRET } from "../metadata/names.ts";
import { rotateTicketKey } from "../desired/secrets/rotate-ticket-key.ts";
import { hasFurtherKeys } from "../desired/service-environment.ts";
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
 * platform for all logins; of the key that signs tickets by one of its Secret. What is new in the Secrets is written with the other children.
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
    const view = { asked, isBootstrapped, podHashes: podHashesOf(snapshot, facts.name) };
    const rotated = rotateLogin(facts.database.role, values, view, () =>
      derivePassword(seed, `${name}/${asked}`),
    );
    if (rotated.step === undefined) continue;
    secrets.set(name, rotated.values);
    steps.push(`${facts.name}: ${rotated.step}`);
  }
  const key = rotatedTicketKey(context, snapshot, seed);
  if (key?.step !== undefined) {
    secrets.set(TICKET_KEYS_SECRET, key.values);
    steps.push(`ticket-service: ${key.step}`);
  }
  return { snapshot: steps.length === 0 ? snapshot : { ...snapshot, secrets }, steps };
}

/** Undefined where there is no key yet, or people keep the list of believed keys themselves. */
function rotatedTicketKey(
  { platform }: Context,
  snapshot: Snapshot,
  seed: Buffer,
): Rotated | undefined {
  const service = platform.services.find(({ facts }) => facts.key === "ticket");
  const values = snapshot.secrets.get(TICKET_KEYS_SECRET);
  if (service === undefined || values === undefined || hasFurtherKeys(service)) return undefined;
  const secret = snapshot.children.get(`Secret/${TICKET_KEYS_SECRET}`);
  const asked = secret?.annotations[ANNOTATION_ROTATE_KEY] ?? "";
  const view = { asked, podHashes: podHashesOf(snapshot, service.facts.name) };
  return rotateTicketKey(values, view, () =>
    deriveEd25519PrivateKey(seed, `${TICKET_KEYS_SECRET}/${asked}`),
  );
}

function podHashesOf({ pods }: Snapshot, service: string): string[] {
  return pods
    .filter(({ labels }) => labels[LABEL_NAME] === service)
    .map((pod) => pod.annotations[ANNOTATION_CONFIG_HASH] ?? "");
}
