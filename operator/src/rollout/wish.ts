import type { PlatformSpec } from "../api/spec.ts";
import { contentHash } from "../desired/content-hash.ts";
import { ANNOTATION_UPGRADE } from "../metadata/labels.ts";

/** Fields that change no pod. */
const OF_SPEC = ["paused", "rollout", "monitoring", "deletionPolicy", "services", "gateway"];
const OF_GATEWAY = ["type", "nodePort", "publicURL", "ingress"];
const OF_SERVICE = ["autoscaling", "replicas"];

/**
 * Hash of what a person has said about pods: while it stands, the revision stands, whatever the
 * operator's own defaults have become. Left out is what changes no pod, so that moving a maximum
 * doesn't bring a newer operator's templates along.
 */
export function wishOf(spec: PlatformSpec, annotations: Readonly<Record<string, string>>): string {
  const services = Object.entries(spec.services ?? {})
    .map(([name, settings]) => [name, without(settings, OF_SERVICE)] as const)
    .filter(([, pod]) => Object.keys(pod).length > 0);
  const gateway = without(spec.gateway ?? {}, OF_GATEWAY);
  const upgrade = annotations[ANNOTATION_UPGRADE];
  return contentHash([without(spec, OF_SPEC), gateway, Object.fromEntries(services), upgrade], 16);
}

function without(value: object, fields: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));
}
