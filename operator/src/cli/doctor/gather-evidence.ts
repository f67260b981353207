import { knownMonitoringKinds } from "../../controller/monitoring-kinds.ts";
import { SecretReader } from "../../controller/secret-reader.ts";
import type { Platform } from "../../desired/platform.ts";
import { resolve } from "../../desired/resolve.ts";
import { AUTHORITY_KEY, secretProblems } from "../../desired/secrets/given-secrets.ts";
import { PGBOUNCER, RABBITMQ } from "../../metadata/names.ts";
import { findPlatform } from "../find-platform.ts";
import { withAdmin } from "../gateway/admin-session.ts";
import { readCircuits } from "../gateway/circuits.ts";
import { withPortForward } from "../gateway/port-forward.ts";
import { readyPod } from "../gateway/ready-pod.ts";
import { readOperatorSettings } from "../operator-settings.ts";
import type { Session } from "../session.ts";
import { takeSnapshot } from "../take-snapshot.ts";
import { found, type Evidence, type Looked, type QueueState } from "./evidence.ts";
import { readPools } from "./read-pools.ts";
import { readQueues } from "./read-queues.ts";

const MANAGEMENT_PORT = 15_672;

/** Looks at everything the checks judge. What can't be seen is an obstacle, not an end. */
export async function gatherEvidence(session: Session): Promise<Evidence> {
  const { client } = session;
  const resource = await findPlatform(session);
  const { images, ready } = await readOperatorSettings(session);
  const platform = resolve(resource, images);
  const { namespace } = platform;
  const kinds = await knownMonitoringKinds(client);
  const snapshot = await takeSnapshot(client, platform, kinds);
  const [missingPullSecrets, metricsApi, pools, circuits, queues] = await Promise.all([
    lookForPullSecrets(session, platform),
    looked(async () => await hasMetricsApi(session)),
    looked(async () => {
      const pod = await readyPod(client, platform, PGBOUNCER);
      return await readPools(session.kubeConfig, namespace, pod);
    }),
    looked(async () => await withAdmin(session, readCircuits)),
    looked(async () => await queuesOf(session, platform)),
  ]);
  return {
    platform,
    conditions: resource.status?.conditions ?? [],
    children: snapshot.children,
    pods: snapshot.pods,
    secretKeys: new Map(
      [...snapshot.secrets].map(([name, values]) => [
        name,
        Object.keys(values).filter((key) => values[key] !== ""),
      ]),
    ),
    givenProblems: [
      ...secretProblems(platform, snapshot.given).map(({ message }) => message),
      ...missingPullSecrets,
    ],
    operatorsReady: ready,
    metricsApi,
    pools,
    circuits,
    queues,
  };
}

async function looked<T>(look: () => Promise<T>): Promise<Looked<T>> {
  try {
    return found(await look());
  } catch (error) {
    return { obstacle: error instanceof Error ? error.message : String(error) };
  }
}

/** 404: no such group; 503: the group's server is away. Both mean that no HPA gets figures. */
async function hasMetricsApi({ client }: Session): Promise<boolean> {
  const groups = JSON.stringify(await client.call({ method: "GET", path: "/apis" }));
  if (!groups.includes('"metrics.k8s.io"')) return false;
  try {
    const path = "/apis/metrics.k8s.io/v1beta1";
    await client.call({ method: "GET", path, deadlineMs: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Of those only that they are there can be said: the kubelet alone knows what it does with them. */
async function lookForPullSecrets(
  { client }: Session,
  { namespace, images }: Platform,
): Promise<string[]> {
  const reader = new SecretReader(client);
  const messages = images.pullSecrets.map(async (name) => {
    const values = await reader.read(namespace, name, undefined);
    if (values !== undefined) return [];
    return [
      `Secret ${name} (spec.image.pullSecrets) doesn't exist: make it with your registry's login.`,
    ];
  });
  return (await Promise.all(messages)).flat();
}

async function queuesOf(session: Session, platform: Platform): Promise<QueueState[]> {
  const { embedded, management, caSecretName } = platform.rabbitmq;
  const { namespace } = platform;
  const reader = new SecretReader(session.client);
  const login = await reader.read(namespace, management.secretName, undefined);
  if (login === undefined) throw new Error(`Secret ${management.secretName} is gone`);
  if (embedded === undefined) {
    const given =
      caSecretName === undefined
        ? undefined
        : await reader.read(namespace, caSecretName, undefined);
    return await readQueues(management.url, login, given?.[AUTHORITY_KEY]);
  }
  const pod = await readyPod(session.client, platform, RABBITMQ);
  return await withPortForward(
    session.kubeConfig,
    { namespace, pod, port: MANAGEMENT_PORT },
    async (url) => await readQueues(url, login),
  );
}
