/** Labels and annotations the operator sets, and the field managers it writes with. */
export const MANAGED_BY = "jatra-operator";
export const FIELD_MANAGER = "jatra-operator";

/** Co-owner of `spec.replicas` of a Deployment under an HPA; see controller/hand-over-replicas. */
export const REPLICAS_MANAGER = "jatra-replicas";

export const LABEL_MANAGED_BY = "app.kubernetes.io/managed-by";
export const LABEL_INSTANCE = "app.kubernetes.io/instance";
export const MANAGED_SELECTOR = `${LABEL_MANAGED_BY}=${MANAGED_BY}`;

export const ANNOTATION_CONFIG_HASH = "jatra.dev/config-hash";

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
    "app.kubernetes.io/name": app,
    "app.kubernetes.io/part-of": "jatra",
  };
}

/** Labels that select an app's pods. Selectors are immutable: only what never changes. */
export function selectorOf(instance: string, app: string): Record<string, string> {
  return { app, [LABEL_INSTANCE]: instance };
}
