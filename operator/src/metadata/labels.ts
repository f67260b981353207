/** Labels and annotations the operator sets, and the field managers it writes with. */
export const MANAGED_BY = "jatra-operator";
export const FIELD_MANAGER = "jatra-operator";

/** Co-owner of `spec.replicas` of a Deployment under an HPA; see controller/hand-over-replicas. */
export const REPLICAS_MANAGER = "jatra-replicas";

export const LABEL_MANAGED_BY = "app.kubernetes.io/managed-by";
export const LABEL_INSTANCE = "app.kubernetes.io/instance";
export const LABEL_NAME = "app.kubernetes.io/name";
export const MANAGED_SELECTOR = `${LABEL_MANAGED_BY}=${MANAGED_BY}`;

export const ANNOTATION_CONFIG_HASH = "jatra.dev/config-hash";

/** On a pod of PgBouncer: which of its files it was last told of; see controller/hasten-pool. */
export const ANNOTATION_POOL_FILES = "jatra.dev/pool-files";

/** On a workload: which pinned template it was last given. */
export const ANNOTATION_TEMPLATE = "jatra.dev/template";

/** On a ControllerRevision: its number, the hash of its templates, and the version it is of. */
export const LABEL_REVISION = "jatra.dev/revision";
export const LABEL_TEMPLATES = "jatra.dev/templates";
/** A StatefulSet's controller copies the pods' labels to revisions of its own: ours have a number. */
export const REVISION_SELECTOR = `${MANAGED_SELECTOR},${LABEL_REVISION}`;
export const ANNOTATION_VERSION = "jatra.dev/version";
/** On a ControllerRevision: the number of the one that was in place when it was made. */
export const ANNOTATION_PREVIOUS = "jatra.dev/previous-revision";

/** On a JatraPlatform, written by people and jatractl, read by the operator; see ADR 12. */
export const ANNOTATION_ROLLBACK = "jatra.dev/rollback";
export const ANNOTATION_UPGRADE = "jatra.dev/upgrade";

/**
 * On a JatraPlatform, or on the Secret of one service's database login, written by people: another word than last time asks for a
 * new login; see desired/secrets/rotate-login.
 */
export const ANNOTATION_ROTATE = "jatra.dev/rotate-logins";

/** On a JatraPlatform with an external broker and `deletionPolicy: Delete`: what was declared there goes first. */
export const FINALIZER_BROKER = "jatra.dev/broker";

/** On the Secret of the ticket key, written by people: another word than last time asks for a new key; see rotate-ticket-key. */
export const ANNOTATION_ROTATE_KEY = "jatra.dev/rotate-key";

export type Component =
  | "gateway"
  | "service"
  | "pool"
  | "database"
  | "cache"
  | "broker"
  | "provider"
  | "migration";

/** Labels of an object that belongs to the app `app` of the platform `instance`. */
export function labelsOf(
  instance: string,
  app: string,
  component: Component,
): Record<string, string> {
  return {
    app,
    "app.kubernetes.io/component": component,
    [LABEL_INSTANCE]: instance,
    [LABEL_MANAGED_BY]: MANAGED_BY,
    [LABEL_NAME]: app,
    "app.kubernetes.io/part-of": "jatra",
  };
}

/** Labels that select an app's pods. Selectors are immutable: only what never changes. */
export function selectorOf(instance: string, app: string): Record<string, string> {
  return { app, [LABEL_INSTANCE]: instance };
}
