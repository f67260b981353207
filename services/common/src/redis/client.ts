import { isIP } from "node:net";
import { Cluster, Redis as Server } from "ioredis";
import type { Logger } from "../logging/logger.ts";

/** One server or a Redis Cluster: keys that one command or script uses together share a hash tag, so both will do. */
export type Redis = Server | Cluster;

/** Redis answers in under a millisecond; whoever waits longer is better off with an error. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MAX_MS = 1_000;

const reconnectMs = (attempt: number): number =>
  Math.min(50 * 2 ** Math.min(attempt, 10), RECONNECT_MAX_MS);

const AT_MOST_ONCE = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: 10_000,
};

/**
 * A client that does each command at most once. ioredis would by default keep commands while it is disconnected and send those
 * again whose answer was lost: a hold could be taken twice, or long after its request was answered. Here both are
 * errors at once, and the caller decides. Reconnects for ever in the background. `?cluster=true` in the URL says that it leads to any
 * node of a Redis Cluster.
 */
export const createRedis = (options: { readonly url: string; readonly logger: Logger }): Redis => {
  const url = new URL(options.url);
  const redis =
    url.searchParams.get("cluster") === "true"
      ? connectCluster(url)
      : writeTogether(connectServer(options.url));
  redis.on("error", (error: Error) => options.logger.warn({ err: error }, "Redis is away"));
  return redis;
};

const connectServer = (url: string): Server =>
  new Server(url, { ...AT_MOST_ONCE, enableOfflineQueue: false, retryStrategy: reconnectMs });

/**
 * Commands of one turn of the event loop leave in one piece: ioredis writes each by itself, and at thousands a second the system calls
 * cost more than the commands. A pipeline of ioredis would do the same for more than it saves.
 */
const writeTogether = (redis: Server): Server => {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (...command) => {
    const { stream } = redis;
    if (redis.status === "ready" && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return send(...command);
  };
  return redis;
};

/** Another connection to the same place, with the same settings: one that has subscribed can do nothing else. */
export const duplicateRedis = (redis: Redis): Redis =>
  redis instanceof Cluster ? redis.duplicate() : redis.duplicate();

const connectCluster = (url: URL): Cluster => {
  const { hostname: host, username, password } = url;
  const tls = {
    // Nodes tell each other's addresses, certificates carry a name: it is the one that we were given.
    ...(isIP(host) === 0 && { servername: host }),
  };
  const cluster = new Cluster([{ host, port: Number(url.port || "6379") }], {
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectMs,
    // A command whose connection broke may have been done: it isn't sent to another node.
    retryDelayOnFailover: 0,
    // A name stays a name: behind it may stand other nodes when it is needed again.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: {
      ...AT_MOST_ONCE,
      ...(username !== "" && { username: decodeURIComponent(username) }),
      ...(password !== "" && { password: decodeURIComponent(password) }),
      ...(url.protocol === "rediss:" && { tls }),
    },
  });
  connectNodesEarly(cluster);
  return cluster;
};

/**
 * Left to itself a node's connection opens with its first command, and those that come meanwhile are refused. Not before the cluster
 * is ready: ioredis finds that out by asking any of the nodes, and refuses its own question to one that is just connecting.
 */
const connectNodesEarly = (cluster: Cluster): void => {
  const connect = (node: Server): void => {
    if (node.status === "wait") node.connect().catch(() => undefined);
  };
  cluster.on("ready", () => cluster.nodes().forEach(connect));
  cluster.on("+node", (node: Server) => {
    if (cluster.status === "ready") connect(node);
  });
};
