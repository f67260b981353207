import { unpullableImages } from "../../../status/read-objects.ts";
import { found, type Check } from "../evidence.ts";

/** Images that pods ask for and don't get. */
export const imageUnpullable: Check = {
  name: "images",
  examine: ({ pods, platform }) => {
    const waiting = new Map<string, string>();
    for (const pod of pods) for (const image of unpullableImages(pod)) waiting.set(image, pod.name);
    return found(
      [...waiting].map(([image, pod]) => ({
        severity: "problem",
        what: `${image} can't be pulled (pod ${pod}).`,
        todo: [
          `kubectl describe pod ${pod} -n ${platform.namespace}  (the event has the registry's words)`,
          "On kind: kind load docker-image, or npm run up, which loads what is missing.",
          "With a registry: spec.image.repository, spec.image.tag and spec.image.pullSecrets.",
        ],
      })),
    );
  },
};
