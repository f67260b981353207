import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createDispatcher, type Credentials } from "./credentials.ts";

/** Where a pod finds the API server. */
export interface PodAccess {
  readonly host: string;
  readonly port: number;
  /** Folder with `ca.crt` and `token`, as the kubelet mounts it. */
  readonly folder: string;
}

/** The kubelet renews the token's file long before its hour is over. */
const TOKEN_MAX_AGE_MS = 60_000;

/**
 * The way in for a pod's ServiceAccount. Not by @kubernetes/client-node: its generated models take 50 MB of memory, and
 * here three values are all there is to know.
 */
export async function podCredentials({ host, port, folder }: PodAccess): Promise<Credentials> {
  const ca = await readFile(join(folder, "ca.crt"), "utf8");
  let token = "";
  let readAtMs = -TOKEN_MAX_AGE_MS;
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    dispatcher: createDispatcher({ ca }),
    headers: async () => {
      if (performance.now() - readAtMs >= TOKEN_MAX_AGE_MS) {
        token = (await readFile(join(folder, "token"), "utf8")).trim();
        readAtMs = performance.now();
      }
      return { authorization: `Bearer ${token}` };
    },
  };
}
