import { objectPath, PLATFORM_KIND } from "../metadata/resource-kinds.ts";
import { findPlatform } from "./find-platform.ts";
import type { Session } from "./session.ts";

/** Sets `spec.paused`; saying it twice is no error. */
export async function setPaused(session: Session, paused: boolean): Promise<number> {
  const { metadata, spec } = await findPlatform(session);
  const { name, namespace } = metadata;
  const wasPaused = spec.paused ?? false;
  if (wasPaused !== paused) {
    await session.client.call({
      method: "PATCH",
      path: objectPath(PLATFORM_KIND, namespace, name),
      query: { fieldManager: "jatractl" },
      contentType: "application/merge-patch+json",
      body: { spec: { paused } },
    });
  }
  if (session.options.isJson) {
    session.printJson({ platform: `${namespace}/${name}`, paused, changed: wasPaused !== paused });
    return 0;
  }
  const already = wasPaused === paused ? "already " : "";
  session.print([
    paused
      ? `${namespace}/${name} is ${already}paused: the operator changes nothing until jatractl resume. ` +
        "Pods and autoscalers go on."
      : `${namespace}/${name} is ${already}active: the operator is at work.`,
  ]);
  return 0;
}
