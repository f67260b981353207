import { Agent, request, type Dispatcher } from "undici";
import { z } from "zod";
import type { BrokerState, Missing } from "../../desired/rabbitmq/missing.ts";
import { deadLetterQueueOf } from "../../desired/rabbitmq/topology.ts";

export interface ManagementLogin {
  readonly url: string;
  /** The Secret that the login is of, to be told to people. */
  readonly secretName: string;
  readonly username: string;
  readonly password: string;
  /** PEM of the authority that signed its certificate; undefined for the public ones. */
  readonly authority: string | undefined;
}

/** A broker that answers at all answers its management API in milliseconds. */
const DEADLINE_MS = 5000;
/** Our queues live where `rabbitmqctl list_queues` looks without an option. */
const VHOST = "%2F";

const DEAD_LETTER_SUFFIX = deadLetterQueueOf(".queue");

const exchanges = z.array(z.object({ name: z.string(), type: z.string() }));
const queues = z.array(
  z.object({
    name: z.string(),
    arguments: z.looseObject({ "x-queue-type": z.string().optional() }),
  }),
);
const bindings = z.array(
  z.object({
    source: z.string(),
    destination: z.string(),
    destination_type: z.string(),
    routing_key: z.string(),
  }),
);
const policies = z.array(
  z.object({
    name: z.string(),
    pattern: z.string(),
    "apply-to": z.string(),
    definition: z.record(z.string(), z.unknown()),
  }),
);

/** What the broker has now. Throws when it doesn't answer. */
export async function readBroker(login: ManagementLogin): Promise<BrokerState> {
  const [foundExchanges, foundQueues, foundBindings, foundPolicies] = await Promise.all([
    get(login, `exchanges/${VHOST}`, exchanges),
    get(login, `queues/${VHOST}?disable_stats=true&enable_queue_totals=true`, queues),
    get(login, `bindings/${VHOST}`, bindings),
    get(login, `policies/${VHOST}`, policies),
  ]);
  return {
    exchanges: foundExchanges,
    queues: foundQueues.map((queue) => ({
      name: queue.name,
      type: queue.arguments["x-queue-type"] ?? "classic",
    })),
    bindings: foundBindings
      .filter((binding) => binding.destination_type === "queue" && binding.source !== "")
      .map((binding) => ({
        exchange: binding.source,
        queue: binding.destination,
        routingKey: binding.routing_key,
      })),
    policies: foundPolicies.map(({ "apply-to": applyTo, ...policy }) => ({ ...policy, applyTo })),
  };
}

const totals = z.array(z.object({ name: z.string(), messages: z.int().default(0) }));

/** Messages in all dead-letter queues together. Throws when the broker doesn't answer. */
export async function readDeadLetters(login: ManagementLogin): Promise<number> {
  const path = `queues/${VHOST}?disable_stats=true&enable_queue_totals=true`;
  const queues = await get(login, path, totals);
  return queues
    .filter(({ name }) => name.endsWith(DEAD_LETTER_SUFFIX))
    .reduce((sum, { messages }) => sum + messages, 0);
}

/** Declares what is missing: policies first, so that a queue is never without its limits. */
export async function declare(login: ManagementLogin, what: Missing): Promise<void> {
  for (const { name, pattern, applyTo, definition } of what.policies) {
    const body = { pattern, definition, "apply-to": applyTo, priority: 10 };
    await send(login, "PUT", `policies/${VHOST}/${encodeURIComponent(name)}`, body);
  }
  for (const { name, type } of what.exchanges) {
    const path = `exchanges/${VHOST}/${encodeURIComponent(name)}`;
    await send(login, "PUT", path, { type, durable: true });
  }
  for (const { name } of what.queues) {
    const body = { durable: true, arguments: { "x-queue-type": "quorum" } };
    await send(login, "PUT", `queues/${VHOST}/${encodeURIComponent(name)}`, body);
  }
  for (const { exchange, queue, routingKey } of what.bindings) {
    const path = `bindings/${VHOST}/e/${encodeURIComponent(exchange)}/q/${encodeURIComponent(queue)}`;
    await send(login, "POST", path, { routing_key: routingKey });
  }
}

/** Deletes one thing of the broker; nothing happens where there is none. */
export async function remove(
  login: ManagementLogin,
  what: "queues" | "exchanges" | "policies",
  name: string,
): Promise<void> {
  await send(login, "DELETE", `${what}/${VHOST}/${encodeURIComponent(name)}`);
}

async function get<T>(login: ManagementLogin, path: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await send(login, "GET", path)));
}

async function send(
  login: ManagementLogin,
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<string> {
  const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  const response = await request(`${login.url}/api/${path}`, {
    method,
    headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...dispatcherFor(login),
  });
  const text = await response.body.text();
  const { statusCode } = response;
  if (statusCode < 300 || (statusCode === 404 && method === "DELETE")) return text;
  if (statusCode === 401) {
    throw new Error(
      `it refuses username and password of Secret ${login.secretName}, or the login lacks the tag policymaker.`,
    );
  }
  if (statusCode === 403) {
    throw new Error(
      `the login of Secret ${login.secretName} may not ${method} ${path}: it needs the tag ` +
        "policymaker and all rights in vhost /.",
    );
  }
  throw new Error(`RabbitMQ answered ${statusCode} to ${method} ${path}: ${text}`);
}

/** Connections by the authority that they trust. An operator serves few brokers, and an authority lasts for years. */
const TRUSTING = new Map<string, Agent>();
const TRUSTING_MAX = 100;

function dispatcherFor({ authority }: ManagementLogin): { dispatcher?: Dispatcher } {
  if (authority === undefined) return {};
  const known = TRUSTING.get(authority);
  if (known !== undefined) return { dispatcher: known };
  const [oldest] = TRUSTING;
  if (TRUSTING.size >= TRUSTING_MAX && oldest !== undefined) {
    TRUSTING.delete(oldest[0]);
    void oldest[1].close();
  }
  const dispatcher = new Agent({ connect: { ca: authority } });
  TRUSTING.set(authority, dispatcher);
  return { dispatcher };
}
