import type { Manifest } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import type { Platform } from "./platform.ts";
import { podTemplate } from "./pod-template.ts";
import type { Container, Volume } from "./kubernetes-types.ts";

/** Retries wait 10 s, 20 s, 40 s, … up to 6 min: eight of them span a long database start. */
const BACKOFF_LIMIT = 8;
/** Waiting for a lock on a big table may take long; half an hour is a stuck migration. */
const ACTIVE_DEADLINE_SECONDS = 1800;

interface JobOptions {
  readonly name: string;
  /** Label `app` of the pods; not a service's own, whose Service would send it requests. */
  readonly app: string;
  /** Label `app` of the Job. */
  readonly owner: string;
  readonly uid: number;
  readonly serviceAccount: string;
  readonly container: Container;
  readonly configHash: string;
  readonly volumes: Volume[];
}

/** A Job without TTL: that it is there and complete is how we know that it ran. */
export function jobManifest(platform: Platform, options: JobOptions): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadataOf(platform, options.name, options.owner, "migration"),
    spec: {
      backoffLimit: BACKOFF_LIMIT,
      activeDeadlineSeconds: ACTIVE_DEADLINE_SECONDS,
      template: podTemplate(platform, {
        app: options.app,
        component: "migration",
        uid: options.uid,
        serviceAccount: options.serviceAccount,
        container: options.container,
        configHash: options.configHash,
        gracePeriodSeconds: 30,
        // On failure the pod stays for its log, and a new one is made.
        spec: { restartPolicy: "Never", volumes: options.volumes },
      }),
    },
  };
}
