import type { Platform } from "../desired/platform.ts";
import { LABEL_INSTANCE, LABEL_MANAGED_BY, MANAGED_BY } from "../metadata/labels.ts";
import type { ObservedObject } from "../metadata/observed-object.ts";

/**
 * Whether an object of a child's name is the platform's: by owner, or by our labels, as those of
 * retained Secrets and volumes that wait to be adopted again. Anything else is left alone.
 */
export function belongsTo(platform: Platform, object: ObservedObject): boolean {
  if (object.ownerUids.includes(platform.uid)) return true;
  return (
    object.labels[LABEL_MANAGED_BY] === MANAGED_BY &&
    object.labels[LABEL_INSTANCE] === platform.name
  );
}
