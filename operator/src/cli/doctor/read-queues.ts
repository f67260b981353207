import { Agent, request } from "undici";
import { z } from "zod";
import type { QueueState } from "./evidence.ts";

const DEADLINE_MS = 10_000;
/** All but these would be a page a queue. */
const COLUMNS =
  "name,messages_ready,messages_unacknowledged,consumers,message_stats.ack_details.rate";

const queues = z.array(
  z.object({
    name: z.string(),
    messages_ready: z.int().default(0),
    messages_unacknowledged: z.int().default(0),
    consumers: z.int().default(0),
    message_stats: z
      .object({ ack_details: z.object({ rate: z.number() }).default({ rate: 0 }) })
      .optional(),
  }),
);

/** Every queue of vhost `/`, from the management API at `url`; `authority` (PEM) is who signed its certificate. */
export async function readQueues(
  url: string,
  login: Readonly<Record<string, string>>,
  authority?: string,
): Promise<QueueState[]> {
  const basic = Buffer.from(`${login["username"] ?? ""}:${login["password"] ?? ""}`);
  const response = await request(`${url}/api/queues/%2F?columns=${COLUMNS}`, {
    reset: true,
    ...(authority !== undefined && { dispatcher: new Agent({ connect: { ca: authority } }) }),
    headers: { authorization: `Basic ${basic.toString("base64")}` },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`RabbitMQ answered ${response.statusCode}`);
  return queues.parse(JSON.parse(text)).map((queue) => ({
    name: queue.name,
    ready: queue.messages_ready,
    unacknowledged: queue.messages_unacknowledged,
    consumers: queue.consumers,
    acknowledgedPerSecond: queue.message_stats?.ack_details.rate ?? 0,
  }));
}
