import { randomUUID } from "node:crypto";
import { baseUrl } from "./test-cluster.ts";

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** The parsed body; reading a field that isn't there gives `undefined`, which no assertion takes for a value. */
  readonly body: Record<string, unknown>;
};

export type ApiRequest = {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** One request to the gateway of the test cluster. */
export const api = async (
  method: string,
  path: string,
  request: ApiRequest = {},
): Promise<Answer> => {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const { status, headers } = response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString();
  return { status, headers, bytes, text, body: parse(text) };
};

const parse = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** A new customer, signed in. */
export const signIn = async (): Promise<{ token: string; userId: string }> => {
  const email = `passenger-${randomUUID()}@example.com`;
  const password = `pw-${randomUUID()}`;
  const registered = await api("POST", "/api/auth/register", {
    body: { name: "Test Passenger", email, phone: "+8801700000000", password },
  });
  if (registered.status !== 201) throw new Error(`register: ${registered.text}`);
  const login = await api("POST", "/api/auth/login", { body: { email, password } });
  if (login.status !== 200) throw new Error(`login: ${login.text}`);
  return { token: String(login.body["accessToken"]), userId: String(registered.body["userId"]) };
};
