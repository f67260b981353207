import { randomBytes } from "node:crypto";
import { request } from "undici";
import { testStores, type Stores } from "./stores.ts";
import { topologyDefinitions } from "./topology-definitions.ts";

export type TestVhost = {
  readonly name: string;
  /** `amqp://…` with the whole topology declared. */
  readonly url: string;
  /** The management API below `/api`, such as `("GET", "/queues/{vhost}/x.queue")`. Answers the parsed body. */
  readonly manage: (method: ManageMethod, path: string, body?: unknown) => Promise<unknown>;
  readonly drop: () => Promise<void>;
};

type ManageMethod = "GET" | "PUT" | "POST" | "DELETE";

/** A vhost of its own for a test file, so that packages tested at the same time don't read each other's queues. */
export const createTestVhost = async (): Promise<TestVhost> => {
  const stores = await testStores();
  const name = `test-${randomBytes(8).toString("hex")}`;
  await manage(stores, "PUT", `/vhosts/${name}`, {});
  await permit(stores, name);
  await declareTopology({ vhost: name });
  const url = new URL(stores.rabbitmqUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    manage: (method, path, body) => manage(stores, method, path.replaceAll("{vhost}", name), body),
    drop: async () => {
      await manage(stores, "DELETE", `/vhosts/${name}`);
    },
  };
};

/** Imports the contract's exchanges, queues, bindings and policies; repeating it changes nothing. */
export const declareTopology = async (options: { readonly vhost?: string } = {}): Promise<void> => {
  const stores = await testStores();
  const vhost = encodeURIComponent(options.vhost ?? "/");
  await manage(stores, "POST", `/definitions/${vhost}`, topologyDefinitions());
};

const permit = async (stores: Stores, vhost: string): Promise<void> => {
  const user = new URL(stores.rabbitmqUrl).username;
  await manage(stores, "PUT", `/permissions/${vhost}/${user}`, {
    configure: ".*",
    write: ".*",
    read: ".*",
  });
};

const manage = async (
  stores: Stores,
  method: ManageMethod,
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const base = new URL(stores.rabbitmqManagementUrl);
  const login = Buffer.from(`${base.username}:${base.password}`).toString("base64");
  const answer = await request(`${base.origin}/api${path}`, {
    method,
    headers: { authorization: `Basic ${login}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
};
