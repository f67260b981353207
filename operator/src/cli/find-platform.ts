import { z } from "zod";
import { platformResource, type PlatformResource } from "../api/platform.ts";
import { collectionPath, PLATFORM_KIND } from "../metadata/resource-kinds.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage-error.ts";

const list = z.object({ items: z.array(platformResource) });

/** The platform that is meant: by name, or the oldest, which is the one the operator serves. */
export async function findPlatform(session: Session): Promise<PlatformResource> {
  const { client, namespace, options } = session;
  const path = collectionPath(PLATFORM_KIND, namespace);
  const { items } = list.parse(await client.call({ method: "GET", path }));
  const [first] = items
    .filter(({ metadata }) => (options.platform ?? metadata.name) === metadata.name)
    .toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1));
  if (first !== undefined) return first;
  const names = items.map(({ metadata }) => metadata.name);
  if (names.length === 0) {
    throw new UsageError(
      `There is no JatraPlatform in namespace ${namespace}: name another with --namespace, ` +
        "or make one with kubectl apply -f crds/samples/minimal.yaml.",
    );
  }
  throw new UsageError(
    `There is no JatraPlatform ${options.platform ?? ""} in ${namespace}; there is ${names.join(", ")}.`,
  );
}

function ageKey({ metadata }: PlatformResource): string {
  return `${metadata.creationTimestamp}/${metadata.name}`;
}
