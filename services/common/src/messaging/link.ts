import { connect, type ChannelModel } from "amqplib";
import type { Logger } from "../logging/logger.ts";
import { backoffMs } from "./backoff.ts";
import type { RabbitMetrics } from "./rabbit-metrics.ts";

/** The TCP and AMQP connection, kept up for ever. `listeners` are called with every new connection. */
export type Link = {
  readonly current: () => ChannelModel | undefined;
  readonly onUp: (listener: (model: ChannelModel) => void) => void;
  readonly close: () => Promise<void>;
};

/** A broker that restarts takes seconds; 5 s at most keeps I3's minute safe and 100 pods don't hammer it. */
const RECONNECT = { firstMs: 200, maxMs: 5_000 } as const;
/** A login over a cluster network takes milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** RabbitMQ's 60 s would leave a pod deaf for two minutes after a node is lost without a FIN. */
const HEARTBEAT_SECONDS = 10;

/**
 * Connects and reconnects with capped backoff until `close`. amqplib's own recovery is not used: it restarts on a closed
 * connection only and never gives its channels back, so each of ours has to be supervised here anyway.
 */
export const createLink = (options: {
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: RabbitMetrics;
}): Link => {
  const { logger, metrics } = options;
  const listeners: ((model: ChannelModel) => void)[] = [];
  let model: ChannelModel | undefined;
  let closed = false;
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;
  let opening: Promise<void> = Promise.resolve();
  metrics.connected.set(0);

  const lost = (error: Error | undefined): void => {
    model = undefined;
    metrics.connected.set(0);
    if (closed) return;
    attempt += 1;
    const delayMs = backoffMs(attempt, RECONNECT);
    logger.warn({ err: error, attempt, delayMs }, "no connection to RabbitMQ, trying again");
    timer = setTimeout(open, delayMs);
  };

  const up = async (opened: ChannelModel): Promise<void> => {
    // An `error` without listener would end the process; `close` always follows it.
    let cause: Error | undefined;
    opened.on("error", (error) => (cause = error));
    opened.on("close", () => lost(cause));
    if (closed) {
      await opened.close();
      return;
    }
    model = opened;
    attempt = 0;
    metrics.connected.set(1);
    for (const listener of listeners) listener(opened);
  };

  const open = (): void => {
    opening = openModel(options.url).then(up).catch(lost);
  };
  open();

  return {
    current: () => model,
    onUp: (listener) => {
      listeners.push(listener);
      if (model) listener(model);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await opening;
      // Already gone is as good as closed.
      await model?.close().catch(() => undefined);
    },
  };
};

const openModel = async (url: string): Promise<ChannelModel> => {
  const withHeartbeat = new URL(url);
  withHeartbeat.searchParams.set("heartbeat", String(HEARTBEAT_SECONDS));
  return connect(withHeartbeat.href, { timeout: CONNECT_TIMEOUT_MS, keepAlive: true });
};
