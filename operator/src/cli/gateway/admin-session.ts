import { request } from "undici";
import { z } from "zod";
import { SecretReader } from "../../controller/secret-reader.ts";
import { ADMIN_SECRET } from "../../metadata/names.ts";
import { findPlatform } from "../find-platform.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { withPortForward } from "./port-forward.ts";
import { readyPod } from "./ready-pod.ts";

const GATEWAY = "api-gateway";
const GATEWAY_PORT = 3000;
/** The gateway gives its services at most 30 s, with their repetitions. */
const DEADLINE_MS = 35_000;

const tokens = z.object({ accessToken: z.string() });
const problem = z.object({ code: z.string(), detail: z.string().optional() });

/** Calls to the gateway as the admin; throws UsageError with the problem's code otherwise. */
export type AdminCall = (method: "GET" | "POST", path: string) => Promise<unknown>;

/**
 * Signs in as the admin whose login is in Secret jatra-admin, and lets `work` call. Acts go
 * through /api/admin, where they are written down.
 */
export async function withAdmin<T>(
  session: Session,
  work: (call: AdminCall) => Promise<T>,
): Promise<T> {
  const { client, options } = session;
  const { name, namespace } = (await findPlatform(session)).metadata;
  const login = await new SecretReader(client).read(namespace, ADMIN_SECRET, undefined);
  const email = login?.["email"];
  const password = login?.["password"];
  if (email === undefined || password === undefined) {
    throw new UsageError(`Secret ${ADMIN_SECRET} in ${namespace} has no email and password.`);
  }
  const signedIn = async (url: string) => {
    const body = { email, password };
    const answer = await send(url, "POST", "/api/auth/login", undefined, body);
    const { accessToken } = tokens.parse(answer);
    return await work(async (method, path) => await send(url, method, path, accessToken));
  };
  if (options.gateway !== undefined) return await signedIn(options.gateway.replace(/\/$/, ""));
  const pod = await readyPod(client, { namespace, name }, GATEWAY);
  const target = { namespace, pod, port: GATEWAY_PORT };
  return await withPortForward(session.kubeConfig, target, signedIn);
}

async function send(
  url: string,
  method: "GET" | "POST",
  path: string,
  token: string | undefined,
  body?: object,
): Promise<unknown> {
  const response = await request(`${url}${path}`, {
    method,
    // One connection a call: a forwarded one isn't kept longer than that.
    reset: true,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.body.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  if (response.statusCode < 300) return answer;
  const known = problem.safeParse(answer);
  const why = known.success ? `${known.data.code}: ${known.data.detail ?? ""}` : text.slice(0, 200);
  throw new UsageError(`${method} ${path} was answered ${response.statusCode} (${why.trim()}).`);
}
