import type { V1PodSecurityContext, V1SecurityContext } from "@kubernetes/client-node";

/** Uid of the platform's own images (docs/architecture.md). */
export const SERVICE_UID = 1000;
/** Uid of the stores' images. */
export const STORE_UID = 999;

/**
 * Pod-level half of the "restricted" Pod Security Standard. `OnRootMismatch`: a volume with many
 * files isn't walked at every start.
 */
export function podSecurity(uid: number): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export function containerSecurity(writableRoot = false): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    privileged: false,
    readOnlyRootFilesystem: !writableRoot,
  };
}
