import type { V1ConfigMap } from "@kubernetes/client-node";
import { SERVICE_URLS_CONFIG_MAP } from "../metadata/names.ts";
import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import { serviceUrls } from "./service-urls.ts";

/** ConfigMap `jatra-services`: where the services find each other. */
export function serviceUrlsConfigMap({ platform }: Context): Child[] {
  const manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, SERVICE_URLS_CONFIG_MAP, "jatra", "service"),
    data: serviceUrls(platform),
  } satisfies V1ConfigMap;
  return [child(platform, manifest)];
}
