import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { Agent, type Dispatcher } from "undici";

/** Where the API server is and how to be let in. */
export interface Credentials {
  readonly server: string;
  /** One pool of connections for every call: the client library would open a new one each. */
  readonly dispatcher: Dispatcher;
  /** Headers for the next call; read again, because a mounted token is rotated. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

/** Thirteen watches stay open; the rest is for lists, reads and writes. */
const CONNECTIONS_MAX = 64;

/** Takes server, certificates and tokens out of a loaded kubeconfig. */
export async function credentialsOf(kubeConfig: KubeConfig): Promise<Credentials> {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null) throw new Error("The kubeconfig names no current cluster.");
  const tls = await options(kubeConfig);
  const dispatcher = new Agent({
    connections: CONNECTIONS_MAX,
    // Deadlines are set per call; a watch is quiet for minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: 10_000,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      ...(tls.ca !== undefined && { ca: tls.ca }),
      ...(tls.cert !== undefined && { cert: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
      ...(tls.servername !== undefined && { servername: tls.servername }),
      ...(tls.rejectUnauthorized !== undefined && {
        rejectUnauthorized: tls.rejectUnauthorized,
      }),
    },
  });
  return {
    server: cluster.server.replace(/\/$/, ""),
    dispatcher,
    headers: async () => textHeaders((await options(kubeConfig)).headers),
  };
}

async function options(kubeConfig: KubeConfig): Promise<RequestOptions> {
  const found: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(found);
  return found;
}

function textHeaders(headers: RequestOptions["headers"]): Record<string, string> {
  if (headers === undefined || Array.isArray(headers)) return {};
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
