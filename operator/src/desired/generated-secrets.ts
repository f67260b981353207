import type { Context } from "./context.ts";
import { child, type Child } from "./manifest.ts";
import { metadataOf } from "./metadata-of.ts";
import { generatedSecrets } from "./secrets/secret-table.ts";
import { secretData } from "./secrets/secret-data.ts";

/** The generated Secrets. Those that unlock a volume are kept as long as the volume. */
export function generatedSecretChildren({ platform, secrets }: Context): Child[] {
  return generatedSecrets(platform).map((secret) =>
    child(
      platform,
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: metadataOf(platform, secret.name, secret.app, "service"),
        type: "Opaque",
        data: secretData(secrets.get(secret.name) ?? {}),
      },
      { retained: secret.unlocksVolume && platform.retainVolumes },
    ),
  );
}
