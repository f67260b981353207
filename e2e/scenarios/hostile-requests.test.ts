/** What no honest client sends, through the whole way in: NodePort, kube-proxy, gateway, and the service where it is for that to judge. */
import assert from "node:assert/strict";
import { adminClaims, encode } from "../../services/api-gateway/test/forged-claims.ts";
import { forms } from "../../services/api-gateway/test/hostile-forms.ts";
import { pathTricks } from "../../services/api-gateway/test/path-tricks.ts";
import { converse, inner, statuses } from "../../services/api-gateway/test/raw-request.ts";
import { signIn } from "./support/api.ts";
import { kubectl } from "./support/kubectl.ts";
import { baseUrl } from "./support/test-cluster.ts";

const FOLLOWER = "GET /api/trains?follower HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

type Bad = {
  readonly name: string;
  readonly text: string;
  readonly status: number;
  readonly code: string;
};

const request = (line: string, body = "", headers: Readonly<Record<string, string>> = {}): string =>
  [
    `${line} HTTP/1.1`,
    "Host: a",
    "Connection: close",
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body, "latin1")}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    body,
  ].join("\r\n");

const ACQUIRE = "POST /api/seats/locks/acquire";
const BOOK = "POST /api/bookings";

const bodies = (token: string): Bad[] => {
  const signedIn = { Authorization: `Bearer ${token}` };
  const bad = (name: string, text: string, status: number, code: string) => ({
    name,
    text,
    status,
    code,
  });
  return [
    bad("half of a JSON object", request("POST /api/auth/login", "{"), 400, "malformed_json"),
    bad("nothing where JSON should be", request(ACQUIRE, " "), 400, "malformed_json"),
    bad("bytes that are no UTF-8", request(BOOK, "\xff\xfe", signedIn), 400, "malformed_json"),
    bad("JSON 30,000 levels deep", request(ACQUIRE, "[".repeat(30_000)), 400, "malformed_json"),
    bad("an array for an object", request(BOOK, "[]", signedIn), 400, "validation_failed"),
    bad(
      "U+0000 in a name",
      request(ACQUIRE, '{"journeyId":"\\u0000","seatIds":["a"]}'),
      400,
      "validation_failed",
    ),
    bad(
      "more than a service takes",
      request(BOOK, `"${"x".repeat(100_000)}"`, signedIn),
      413,
      "body_too_large",
    ),
    bad(
      "more than the gateway takes",
      request(ACQUIRE, "x".repeat(1_100_000)),
      413,
      "body_too_large",
    ),
  ];
};

const targets: readonly Bad[] = pathTricks.map((target) => ({
  name: `the target ${target}`,
  text: request(`GET ${target}`),
  status: 400,
  code: "validation_failed",
}));

const routes: readonly Bad[] = [
  ...["/", "/api", "/api/nothing", "/internal/journeys", "/v1/charges"].map((path) => ({
    name: `no such route: ${path}`,
    text: request(`GET ${path}`),
    status: 404,
    code: "not_found",
  })),
  ...[
    "DELETE /api/search/journeys",
    "PURGE /api/trains",
    "PATCH /api/auth/login",
    "TRACE /api/trains",
    "CONNECT auth-service:3001",
  ].map((line) => ({
    name: `no such method: ${line}`,
    text: request(line),
    status: 405,
    code: "method_not_allowed",
  })),
];

const floods: readonly Bad[] = [
  { name: "a header of 20 kB", headers: { "X-A": "x".repeat(20_000) } },
  {
    name: "a thousand headers",
    headers: Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`X-${index}`, "twenty bytes of text"]),
    ),
  },
].map(({ name, headers }) => ({
  name,
  text: request("GET /api/trains", "", headers),
  status: 431,
  code: "headers_too_large",
}));

const identities = (token: string): Bad[] => {
  const [head = "", claims = "", signature = ""] = token.split(".");
  const withToken = (name: string, given: string) => ({
    name,
    text: request("GET /api/bookings", "", { Authorization: `Bearer ${given}` }),
    status: 401,
    code: "unauthorized",
  });
  const forged = {
    "X-Jatra-Identity": `${encode({ alg: "none" })}.${encode(adminClaims)}.`,
    "X-Internal-Token": "x",
    "X-User-Id": "admin",
    "X-User-Role": "admin",
  };
  return [
    withToken("alg none", `${encode({ alg: "none" })}.${encode(adminClaims)}.`),
    withToken(
      "HMAC in place of a signature",
      `${encode({ alg: "HS256" })}.${encode(adminClaims)}.${signature}`,
    ),
    withToken(
      "another's claims under a good signature",
      `${head}.${encode(adminClaims)}.${signature}`,
    ),
    withToken("a signature cut short", `${head}.${claims}.${signature.slice(0, -4)}`),
    {
      name: "an identity from outside",
      text: request("GET /api/bookings", "", forged),
      status: 401,
      code: "unauthorized",
    },
    {
      name: "an identity from outside beside a token",
      text: request("GET /api/circuits", "", { ...forged, Authorization: `Bearer ${token}` }),
      status: 403,
      code: "forbidden",
    },
  ];
};

/** How often each gateway pod's process has been started again; a pod that goes, goes by its autoscaler's word. */
const gatewayRestarts = async (): Promise<ReadonlyMap<string, string>> => {
  const path =
    "{range .items[*]}{.metadata.name}={.status.containerStatuses[0].restartCount} {end}";
  const text = await kubectl("get", "pods", "-l", "app=api-gateway", "-o", `jsonpath=${path}`);
  const pairs = text.trim().split(" ");
  return new Map(
    pairs.map((pair) => pair.split("=")).map(([name = "", count = ""]) => [name, count]),
  );
};

describe("hostile requests from outside the cluster", () => {
  let token = "";
  let restarts: ReadonlyMap<string, string>;
  before(async () => {
    ({ token } = await signIn());
    restarts = await gatewayRestarts();
  });

  it("are refused in every malformed or smuggling form, and framed as they should be otherwise", async () => {
    await Promise.all(
      forms.map(async ({ name, text, outcome }) => {
        const answer = await converse(baseUrl, text + FOLLOWER);
        assert.doesNotMatch(answer, inner, name);
        // A login without an address is refused by auth-service: it got exactly the form's body.
        const expected =
          outcome === "refused"
            ? [400]
            : [...outcome.map(({ url }) => (url === "/api/auth/login" ? 400 : 200)), 200];
        assert.deepEqual(statuses(answer), expected, name);
      }),
    );
  });

  it("get the right 4xx as a problem, and no word of the inside", async () => {
    const all = [...bodies(token), ...targets, ...routes, ...floods, ...identities(token)];
    for (const { name, text, status, code } of all) {
      const answer = await converse(baseUrl, text).catch((cause: unknown) => {
        throw new Error(`${name}: the connection was never closed`, { cause });
      });
      assert.deepEqual(statuses(answer), [status], `${name}: ${answer}`);
      assert.match(answer, /\r\nContent-Type: application\/problem\+json/i, name);
      assert.match(answer, new RegExp(`"code":"${code}"`), name);
      assert.doesNotMatch(answer, inner, name);
    }
  });

  it("are given up when they come too slowly", async () => {
    const parts = ["GET /api/tra", "GET /api/trains HTTP/1.1\r\nHost: a\r\nX-A: "];
    const answers = await Promise.all(
      parts.map((part) => converse(baseUrl, part, { every: 500, byte: "a" })),
    );
    for (const answer of answers) {
      assert.deepEqual(statuses(answer), [408]);
      assert.match(answer, /"code":"request_timeout"/);
    }
  });

  it("brought no gateway down", async () => {
    const now = await gatewayRestarts();
    assert.ok(now.size > 0);
    for (const [pod, count] of now) assert.equal(count, restarts.get(pod) ?? "0", pod);
    const logs = await kubectl("logs", "-l", "app=api-gateway", "--tail=500");
    assert.doesNotMatch(logs, /the gateway itself failed|uncaught/i);
  });
});
