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

interface Tls {
  readonly ca?: RequestOptions["ca"];
  readonly cert?: RequestOptions["cert"];
  readonly key?: RequestOptions["key"];
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

/** The one pool of connections to an API server. */
export function createDispatcher(tls: Tls): Dispatcher {
  return new Agent({
    connections: CONNECTIONS_MAX,
    // Over HTTP/2 all calls and watches share one connection, and an aborted call leaves it open: a dead one
    // would never be replaced. Over HTTP/1.1 whoever gives up a call gives up its connection.
    allowH2: false,
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
}

/** Takes server, certificates and tokens out of a loaded kubeconfig. */
export async function credentialsOf(kubeConfig: KubeConfig): Promise<Credentials> {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null) throw new Error("The kubeconfig names no current cluster.");
  const dispatcher = createDispatcher(await options(kubeConfig));
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
