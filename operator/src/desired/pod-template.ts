import type { V1PodTemplateSpec, V1TopologySpreadConstraint } from "@kubernetes/client-node";
import {
  ANNOTATION_CONFIG_HASH,
  labelsOf,
  selectorOf,
  type Component,
} from "../metadata/labels.ts";
import type { Platform } from "./platform.ts";
import { containerSecurity, podSecurity } from "./pod-security.ts";
import type { Container, PodSpec } from "./kubernetes-types.ts";

export interface PodOptions {
  readonly app: string;
  readonly component: Component;
  readonly uid: number;
  readonly serviceAccount: string;
  readonly container: Container;
  /** Hash of the configuration the process only reads at its start. */
  readonly configHash: string;
  readonly gracePeriodSeconds: number;
  /** Only for code under development: everywhere else the root is read-only. */
  readonly writableRoot?: boolean;
  readonly spec?: Partial<PodSpec>;
}

/** A pod with one container, hardened the same way whatever runs in it. */
export function podTemplate(platform: Platform, options: PodOptions): V1PodTemplateSpec {
  const { container } = options;
  return {
    metadata: {
      labels: labelsOf(platform.name, options.app, options.component),
      annotations: { [ANNOTATION_CONFIG_HASH]: options.configHash },
    },
    spec: {
      serviceAccountName: options.serviceAccount,
      // No pod of the platform talks to the API server.
      automountServiceAccountToken: false,
      // Dozens of Services would mean hundreds of injected variables, some of which look like ours.
      enableServiceLinks: false,
      securityContext: podSecurity(options.uid),
      terminationGracePeriodSeconds: options.gracePeriodSeconds,
      ...(platform.images.pullSecrets.length > 0 && {
        imagePullSecrets: platform.images.pullSecrets.map((name) => ({ name })),
      }),
      ...options.spec,
      containers: [
        {
          ...container,
          imagePullPolicy: platform.images.pullPolicy,
          securityContext: containerSecurity(options.writableRoot ?? false),
        },
      ],
    },
  };
}

/** Spread over nodes and zones where there are some; never a reason not to be scheduled. */
export function spreadOver(platform: Platform, app: string): V1TopologySpreadConstraint[] {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorOf(platform.name, app) },
    // Counts the pods of one revision: the old ones are about to go.
    matchLabelKeys: ["pod-template-hash"],
  }));
}
