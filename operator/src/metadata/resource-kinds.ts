/** A kind of object on the API server: how its address is made. */
export interface ResourceKind {
  readonly kind: string;
  readonly apiVersion: string;
  readonly plural: string;
}

export const PLATFORM_KIND = resourceKind("JatraPlatform", "jatra.dev/v1alpha1", "jatraplatforms");

/** Kinds the operator owns and watches. */
export const OWNED_KINDS: readonly ResourceKind[] = [
  resourceKind("ServiceAccount", "v1", "serviceaccounts"),
  resourceKind("Secret", "v1", "secrets"),
  resourceKind("ConfigMap", "v1", "configmaps"),
  resourceKind("PersistentVolumeClaim", "v1", "persistentvolumeclaims"),
  resourceKind("Service", "v1", "services"),
  resourceKind("StatefulSet", "apps/v1", "statefulsets"),
  resourceKind("Deployment", "apps/v1", "deployments"),
  resourceKind("Job", "batch/v1", "jobs"),
  resourceKind("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers"),
  resourceKind("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets"),
  resourceKind("NetworkPolicy", "networking.k8s.io/v1", "networkpolicies"),
  resourceKind("Ingress", "networking.k8s.io/v1", "ingresses"),
];

/** Kinds of the Prometheus operator: only made where the cluster knows them. */
export const MONITORING_GROUP = "monitoring.coreos.com/v1";
export const MONITORING_KINDS: readonly ResourceKind[] = [
  resourceKind("ServiceMonitor", MONITORING_GROUP, "servicemonitors"),
  resourceKind("PrometheusRule", MONITORING_GROUP, "prometheusrules"),
];

/** Revisions of a platform: what its pods were made from; see controller/rollout. */
export const REVISION_KIND = resourceKind("ControllerRevision", "apps/v1", "controllerrevisions");

/** Pods are watched for the status, never written. */
export const POD_KIND = resourceKind("Pod", "v1", "pods");

/** Path of a kind's collection, in a namespace or (without one) in the whole cluster. */
export function collectionPath(kind: ResourceKind, namespace?: string): string {
  const root = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : "/api/v1";
  const scope = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
}

export function objectPath(kind: ResourceKind, namespace: string, name: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** The kind of that name; unknown names are bugs. */
export function kindNamed(name: string): ResourceKind {
  const found = [...OWNED_KINDS, ...MONITORING_KINDS, REVISION_KIND, POD_KIND].find(
    (one) => one.kind === name,
  );
  if (found === undefined) throw new Error(`No resource kind is called ${name}.`);
  return found;
}

function resourceKind(kind: string, apiVersion: string, plural: string): ResourceKind {
  return { kind, apiVersion, plural };
}
