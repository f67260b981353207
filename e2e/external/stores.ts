import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../cluster/failure.ts";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { apply, kubectlIn, namespace, secret, STORES, type OperatorImages } from "./on-cluster.ts";

/** Passwords as people choose them: what stands in a URL has to be encoded. */
export const PASSWORDS = {
  postgres: "p@ss/w:rd?#1 é",
  redis: "r%d/s:@#?2",
  services: "s&rv=ces/@:3",
  management: "m+n@ge/ment:4",
} as const;

export const REDIS_PORTS = [7000, 7001, 7002] as const;
const [FIRST_REDIS_PORT] = REDIS_PORTS;

export const hostOf = (store: string): string => `${store}.${STORES}.svc`;

const TLS = "/tls";
/** Two cores start them beside a platform that is at work. */
const START_SECONDS_MAX = 180;

/**
 * PostgreSQL, a Redis Cluster of three and RabbitMQ, each by TLS alone where it can be (PostgreSQL listens to both), with certificates of
 * an authority that nobody knows. Logins have no more rights than a managed store would give.
 */
export const startStores = async ({ stores }: OperatorImages): Promise<Certificates> => {
  const names = ["postgres", "redis", "rabbitmq"];
  const certificates = await makeCertificates(names.map(hostOf));
  await apply(STORES, [namespace(STORES)]);
  await apply(STORES, [
    secret("tls", {
      "ca.crt": certificates.authority,
      "tls.crt": certificates.certificate,
      "tls.key": certificates.key,
    }),
    rabbitmqConfig,
    ...podAndService("postgres", [5432], postgres(stores["postgres"] ?? "")),
    ...podAndService("redis", REDIS_PORTS, redis(stores["redis"] ?? "")),
    ...podAndService("rabbitmq", [5671, 15_671], rabbitmq(stores["rabbitmq"] ?? "")),
  ]);
  const pods = names.map((name) => `pod/${name}`);
  const timeout = `--timeout=${START_SECONDS_MAX}s`;
  await kubectlIn(STORES, "wait", "--for=condition=Ready", ...pods, timeout);
  await makeLogins();
  return certificates;
};

const makeLogins = async (): Promise<void> => {
  const role = `CREATE ROLE jatra_admin LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORDS.postgres}'`;
  await psql("postgres", role);
  await formCluster();
  await rabbitmqctl("add_user", "services", PASSWORDS.services);
  await rabbitmqctl("set_permissions", "services", "^$", ".*", ".*");
  await rabbitmqctl("add_user", "declarer", PASSWORDS.management);
  await rabbitmqctl("set_permissions", "declarer", ".*", ".*", ".*");
  await rabbitmqctl("set_user_tags", "declarer", "policymaker");
};

/** One statement as the superuser; answers what it selects, unaligned. */
export const psql = async (database: string, sql: string): Promise<string> => {
  const command = ["psql", "-U", "postgres", "-d", database, "-AtX", "-v", "ON_ERROR_STOP=1"];
  return (await kubectlIn(STORES, "exec", "postgres", "--", ...command, "-c", sql)).trim();
};

export const rabbitmqctl = async (...args: readonly string[]): Promise<string> =>
  await kubectlIn(STORES, "exec", "rabbitmq", "--", "rabbitmqctl", "--quiet", ...args);

/** On one of the nodes. */
export const redisCli = async (port: number, ...args: readonly string[]): Promise<string> => {
  const command = ["redis-cli", "--tls", "--cacert", `${TLS}/ca.crt`, "-p", String(port)];
  return (await kubectlIn(STORES, "exec", "redis", "--", ...command, ...args)).trim();
};

const formCluster = async (): Promise<void> => {
  const address = (
    await kubectlIn(STORES, "get", "pod", "redis", "-o", "jsonpath={.status.podIP}")
  ).trim();
  const nodes = REDIS_PORTS.map((port) => `${address}:${port}`);
  await redisCli(FIRST_REDIS_PORT, "--cluster", "create", ...nodes, "--cluster-yes");
  const deadline = Date.now() + 30_000;
  const states = async () =>
    await Promise.all(REDIS_PORTS.map((port) => redisCli(port, "cluster", "info")));
  while (!(await states()).every((state) => state.includes("cluster_state:ok"))) {
    if (Date.now() > deadline) throw new Failure("The Redis Cluster doesn't come together.");
    await delay(500);
  }
};

const postgres = (image: string): object => ({
  image,
  args: [
    "-c",
    "max_connections=150",
    "-c",
    "ssl=on",
    "-c",
    `ssl_cert_file=${TLS}/tls.crt`,
    "-c",
    `ssl_key_file=${TLS}/tls.key`,
  ],
  env: [{ name: "POSTGRES_PASSWORD", value: "of-the-superuser" }],
});

const redis = (image: string): object => ({
  image,
  command: ["bash", "-c"],
  args: [
    `for port in ${REDIS_PORTS.join(" ")}; do
  mkdir -p /data/$port
  redis-server --dir /data/$port --port 0 --tls-port $port --tls-cluster yes --tls-replication yes \\
    --tls-cert-file ${TLS}/tls.crt --tls-key-file ${TLS}/tls.key --tls-ca-cert-file ${TLS}/ca.crt --tls-auth-clients no \\
    --cluster-enabled yes --cluster-announce-ip $POD_IP --appendonly yes --maxmemory-policy noeviction \\
    --requirepass "$REDISCLI_AUTH" --masterauth "$REDISCLI_AUTH" &
done
wait`,
  ],
  env: [
    { name: "REDISCLI_AUTH", value: PASSWORDS.redis },
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  ],
  volumeMounts: [{ name: "data", mountPath: "/data" }],
});

const rabbitmq = (image: string): object => ({
  image,
  env: [
    { name: "RABBITMQ_DEFAULT_USER", value: "keeper" },
    { name: "RABBITMQ_DEFAULT_PASS", value: "of-the-keeper" },
    { name: "RABBITMQ_ERLANG_COOKIE", value: "of-the-stores" },
    // Erlang reserves memory for every file it might open, and a node may allow a billion.
    { name: "ERL_MAX_PORTS", value: "65536" },
  ],
  volumeMounts: [
    { name: "config", mountPath: "/etc/rabbitmq/conf.d/20-tls.conf", subPath: "20-tls.conf" },
  ],
});

const rabbitmqConfig = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "rabbitmq" },
  data: {
    "20-tls.conf": `listeners.tcp = none
listeners.ssl.default = 5671
ssl_options.cacertfile = ${TLS}/ca.crt
ssl_options.certfile = ${TLS}/tls.crt
ssl_options.keyfile = ${TLS}/tls.key
ssl_options.verify = verify_none
management.ssl.port = 15671
management.ssl.cacertfile = ${TLS}/ca.crt
management.ssl.certfile = ${TLS}/tls.crt
management.ssl.keyfile = ${TLS}/tls.key
`,
  },
};

const podAndService = (name: string, ports: readonly number[], container: object): object[] => {
  const mounts = "volumeMounts" in container ? container.volumeMounts : [];
  const labels = { store: name };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: ports.map((port) => ({ name: `p${port}`, port })) },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels },
      spec: {
        securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name,
            ...container,
            imagePullPolicy: "IfNotPresent",
            volumeMounts: [
              { name: "tls", mountPath: TLS, readOnly: true },
              ...(Array.isArray(mounts) ? mounts : []),
            ],
            readinessProbe: { tcpSocket: { port: ports[0] }, periodSeconds: 1 },
            resources: { requests: { cpu: "20m", memory: "64Mi" } },
          },
        ],
        volumes: [
          { name: "tls", secret: { secretName: "tls", defaultMode: 0o440 } },
          { name: "data", emptyDir: {} },
          { name: "config", configMap: { name: "rabbitmq" } },
        ],
      },
    },
  ];
};
