import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHttpClient, expectStatus } from "../bench/load/http-client.ts";
import {
  allServices,
  startPlatform,
  type BenchPlatform,
} from "../bench/platform/start-platform.ts";
import { cache } from "../cluster/folders.ts";
import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
import { answersByOperation, answersSince, publicOperations } from "./answers-by-operation.ts";
import { prepareRequests } from "./prepare-requests.ts";
import { runSchemathesis } from "./run-schemathesis.ts";

const help = `Usage: npm run test:api [-- --examples <n>]

Starts the gateway and all services as processes over the tests' stores, signs in, and holds the gateway against its own OpenAPI
document with Schemathesis: every status listed, no unknown property, no 5xx, and at least 90 % of the operations saw a 2xx.

--examples <n>  generated cases an operation and phase (20)`;

/** What the issue asks for; the rest needs a provider's signature or a state that no client can bring about. */
const SEEN_2XX_MIN = 0.9;

// A dozen services, each with a listener for our end.
process.setMaxListeners(32);

await runMain(async () => {
  const { values } = parseOptions({
    options: {
      help: { type: "boolean", short: "h" },
      examples: { type: "string", default: "20" },
    },
  });
  if (values.help) console.log(help);
  else await testApi(Number(values.examples));
});

async function testApi(examples: number): Promise<void> {
  const platform = await startPlatform({
    services: [...allServices, "admin"],
    more: {
      GUEST_HOLDS: "true",
      // An answer that isn't documented must be seen itself, and not the pause after five of them.
      CIRCUIT_BREAKER: JSON.stringify({ failureThreshold: 1_000 }),
    },
  });
  try {
    await holdAgainstDocument(platform, examples);
  } finally {
    await platform.stop();
  }
}

async function holdAgainstDocument(platform: BenchPlatform, examples: number): Promise<void> {
  const gatewayUrl = platform.url("api-gateway");
  const client = createHttpClient(gatewayUrl, 8);
  const login = { email: "admin@example.com", password: platform.secrets.providerKey };
  const signedIn = await client.send("POST", "/api/auth/login", { body: login });
  const token = String(expectStatus(signedIn, 200, "sign in").json()["accessToken"]);
  const folder = cache("api-test");
  const preparedFile = join(folder, "prepared-requests.json");
  const prepared = await prepareRequests({ platform, client, token, login });
  writeFileSync(preparedFile, JSON.stringify(prepared));
  await client.close();
  const before = await answersByOperation(gatewayUrl);
  const conforms = await runSchemathesis({
    gatewayUrl,
    token,
    preparedFile,
    reportFolder: folder,
    examples,
  });
  const after = await answersByOperation(gatewayUrl);
  const seen = (await publicOperations()).map(
    (operation) => [operation, answersSince(before, after, operation)] as const,
  );
  const isGood = (status: number): boolean => status >= 200 && status < 300;
  const without = seen.filter(([, answers]) => ![...answers.keys()].some(isGood));
  const failing = seen.filter(([, answers]) => [...answers.keys()].some((status) => status >= 500));
  const requests = seen.flatMap(([, answers]) => [...answers.values()]).reduce((a, b) => a + b, 0);
  const good = seen.length - without.length;
  console.log(`\n${requests} requests; ${good} of ${seen.length} operations saw a 2xx`);
  for (const [operation, answers] of without) console.log(`  none: ${operation} ${show(answers)}`);
  for (const [operation, answers] of failing) console.log(`  5xx: ${operation} ${show(answers)}`);
  if (good / seen.length < SEEN_2XX_MIN) {
    throw new Failure(`Fewer than ${SEEN_2XX_MIN * 100} % of the operations saw a 2xx.`);
  }
  if (!conforms || failing.length > 0) throw new Failure("The API is not as its document says.");
}

function show(answers: ReadonlyMap<number, number>): string {
  return [...answers].map(([status, count]) => `${status} × ${count}`).join(", ");
}
