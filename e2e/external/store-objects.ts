import type { Certificates } from "./certificates.ts";
import { secret, type OperatorImages } from "./on-cluster.ts";
import { PASSWORDS, REDIS_PORTS, TLS } from "./store-commands.ts";

/**
 * PostgreSQL, a Redis Cluster of three and RabbitMQ, each by TLS alone where it can be (PostgreSQL listens to both), with these
 * certificates.
 */
export const storeObjects = (
  { stores }: OperatorImages,
  { authority, certificate, key }: Certificates,
): object[] => [
  secret("tls", { "ca.crt": authority, "tls.crt": certificate, "tls.key": key }),
  rabbitmqConfig,
  ...podAndService("postgres", [5432], postgres(stores["postgres"] ?? "")),
  ...podAndService("redis", REDIS_PORTS, redis(stores["redis"] ?? "")),
  ...podAndService("rabbitmq", [5671, 15_671], rabbitmq(stores["rabbitmq"] ?? "")),
];

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
