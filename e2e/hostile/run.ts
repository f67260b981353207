import { startPlatform } from "../bench/platform/start-platform.ts";
import { Failure } from "../cluster/failure.ts";
import { runMain } from "../cluster/main.ts";
import { parseOptions } from "../cluster/parse-options.ts";
import { attackSlowly, slowImage, type Slowness } from "./slowhttptest.ts";

const help = `Usage: node e2e/hostile/run.ts [--connections <n>]

Attacks a real gateway with slowhttptest (Debian's, in a container): slow headers, slow bodies, slow readers, one after the other. Fails if
connections that send too slowly are still open 15 s after their time, or if the gateway doesn't answer the tool in the end.

--connections <n>  slow clients (150)`;

type Attack = {
  readonly how: Slowness;
  readonly path: string;
  readonly seconds: number;
  /** The gateway's own limit, after which the tool has nobody left and ends. */
  readonly limitSeconds?: number;
};

/** Readers aren't still: each takes ten bytes every two seconds. They are left alone, and it is looked at whom they harm. */
const attacks: readonly Attack[] = [
  { how: "headers", path: "/api/docs/openapi.json", seconds: 60, limitSeconds: 10 },
  { how: "body", path: "/api/auth/login", seconds: 90, limitSeconds: 30 },
  { how: "read", path: "/api/docs/openapi.json", seconds: 30 },
];
const SLACK_SECONDS = 15;

await runMain(async () => {
  const { values } = parseOptions({
    options: {
      help: { type: "boolean", short: "h" },
      connections: { type: "string", default: "150" },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const image = await slowImage();
  const platform = await startPlatform({ services: ["api-gateway"] });
  try {
    for (const attack of attacks) {
      await hold(image, platform.url("api-gateway"), attack, Number(values.connections));
    }
  } finally {
    await platform.stop();
  }
});

async function hold(image: string, url: string, attack: Attack, connections: number) {
  const { how, path, seconds, limitSeconds } = attack;
  const seen = await attackSlowly(image, { url: `${url}${path}`, how, connections, seconds });
  const last = seen.at(-1);
  const most = Math.max(...seen.map(({ connected }) => connected));
  const answered = seen.filter(({ available }) => available).length;
  console.log(
    `${how}: ${most} connections, ended after ${last?.second} s, answered in ${answered} of ${seen.length} seconds`,
  );
  if (most < connections * 0.9) throw new Failure("The tool hadn't its connections.");
  if (!last?.available) throw new Failure("The gateway didn't answer in the end.");
  if (limitSeconds !== undefined && last.second > limitSeconds + SLACK_SECONDS) {
    throw new Failure(`Connections were open for longer than ${limitSeconds} s.`);
  }
}
