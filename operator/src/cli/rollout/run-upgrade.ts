import { ANNOTATION_UPGRADE } from "../../metadata/labels.ts";
import { annotate } from "../annotate.ts";
import { findPlatform } from "../find-platform.ts";
import type { Session } from "../session.ts";

/**
 * Lets a platform have the running operator's images and defaults, which an upgrade of the
 * operator alone doesn't bring. Also tries a rejected revision again.
 */
export async function runUpgrade(session: Session): Promise<number> {
  const resource = await findPlatform(session);
  await annotate(session, resource, { [ANNOTATION_UPGRADE]: new Date().toISOString() });
  const platform = `${resource.metadata.namespace}/${resource.metadata.name}`;
  if (session.options.isJson) session.printJson({ platform });
  else {
    session.print([
      `${platform} takes the running operator's images and defaults: see jatractl status --watch.`,
    ]);
  }
  return 0;
}
