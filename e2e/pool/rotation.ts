import type { Cluster } from "../cluster/kind-cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";

export type Login = { readonly username: string; readonly password: string };

/** A login in a service's Secret: the one its pods use, or the one of before while a rotation is under way. */
export const loginIn = async (
  cluster: Cluster,
  namespace: string,
  secret: string,
  kind: "" | "previous-" = "",
): Promise<Login> => {
  const read = async (key: string): Promise<string> => {
    const path = `jsonpath={.data.${kind}${key}}`;
    const data = await kubectl(cluster, ["-n", namespace, "get", "secret", secret, "-o", path]);
    return Buffer.from(data, "base64").toString();
  };
  return { username: await read("username"), password: await read("password") };
};

/** Asks for another login, in words that nobody used before. */
export const askForRotation = async (
  cluster: Cluster,
  namespace: string,
  secret: string,
): Promise<void> => {
  const word = `jatra.dev/rotate-logins=${Date.now()}`;
  await kubectl(cluster, ["-n", namespace, "annotate", "secret", secret, "--overwrite", word]);
};
