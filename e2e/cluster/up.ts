import { nodeBase } from "../images/node-base.ts";
import { debianBase } from "../images/debian-base.ts";
import { machineChanges } from "./changes.ts";
import { ensureDocker } from "./docker-engine.ts";
import { Failure } from "./failure.ts";
import { installOperator, takeDefaults } from "./install-operator.ts";
import { clusterExists, clusterOf, createCluster, type Cluster } from "./kind-cluster.ts";
import { checkAnswers, checkContext, kubectl } from "./kubectl.ts";
import { loadAndInstall } from "./load-and-install.ts";
import { GOES_ON, runMain } from "./main.ts";
import { installMetricsServer, publishMetrics } from "./metrics-server.ts";
import { ensureNodeImage, nodeImageCached } from "./node-image.ts";
import { upOptions, type UpOptions } from "./options.ts";
import { buildImages, builtCount, type PlatformImages } from "./platform-images.ts";
import { waitUntilReady } from "./platform-ready.ts";
import { preflight } from "./preflight.ts";
import { paint, phase, say } from "./progress.ts";
import { pushImages } from "./registry-push.ts";
import { applySample } from "./sample-platform.ts";
import { printSummary } from "./summary.ts";
import { ensureTools } from "./tools.ts";
import { walkThrough } from "./walk-through.ts";

const clusterName = "jatra";
const hostPort = 30_000;
const namespace = "jatra";

await runMain(() => up(upOptions(process.argv.slice(2))), GOES_ON);

async function up(options: UpOptions): Promise<void> {
  const startedMs = Date.now();
  const installed: string[] = [];
  const cluster = options.context
    ? await existingCluster(options.context, options.registry)
    : await ownCluster(installed);
  const images = await phase("images of platform", async (note) => {
    const built = await buildImages();
    note(`${builtCount(built)} built`);
    return built;
  });
  await Promise.all([
    installPlatform(cluster, images, options.registry),
    // A cluster of somebody else's has its own metrics, or none.
    options.context ? undefined : phase("metrics API", () => publishMetrics(cluster)),
  ]);
  await phase("sample platform", async () => {
    await applySample(cluster, namespace);
    await takeDefaults(cluster, namespace, images);
  });
  say("  … waiting for the platform");
  await phase("platform ready", () => waitUntilReady(cluster, images.platformTag));
  const booking = await bookTicket(cluster);
  printSummary(cluster, booking, machineChanges(cluster, installed));
  say(paint.dim(`\nAll of it took ${Math.round((Date.now() - startedMs) / 1000)} s.`));
}

/** The cluster of one's own: everything from Docker up. */
async function ownCluster(installed: string[]): Promise<Cluster> {
  const cached = await nodeImageCached();
  await preflight({ hostPort, node: clusterOf(clusterName).node, cached });
  announce(cached, await clusterExists(clusterName));
  await phase("Docker", (note) =>
    ensureDocker((text) => {
      note(text);
      installed.push(`Docker: ${text}`);
    }),
  );
  await phase("kind, kubectl, helm", (note) => ensureTools(["kind", "kubectl", "helm"], note));
  const nodeImage = await phase("node image", (note) => ensureNodeImage(note));
  await phase("base images", async (note) =>
    note(`${await debianBase("trixie")}, ${await nodeBase()}`),
  );
  const wish = { name: clusterName, hostPort, makeCurrent: true };
  const cluster = await phase("cluster", (note) => createCluster(wish, nodeImage, note));
  await checkAnswers(cluster.context);
  await phase("metrics-server", () => installMetricsServer(cluster));
  return cluster;
}

/** A cluster that exists: kind's on this machine take images directly, others need a registry. */
async function existingCluster(context: string, registry?: string): Promise<Cluster> {
  await ensureTools(["kubectl", "helm"]);
  await checkContext(context);
  await ensureDocker();
  const name = context.replace(/^kind-/, "");
  if (context.startsWith("kind-") && (await clusterExists(name))) return clusterOf(name);
  if (registry === undefined) {
    throw new Failure(
      `The cluster of ${context} isn't a kind cluster on this machine: say with --registry where its nodes ` +
        "can pull images from, such as --registry registry.example.com/jatra.",
    );
  }
  return { context };
}

function announce(nodeCached: boolean, clusterThere: boolean): void {
  const duration = nodeCached
    ? clusterThere
      ? "1 to 2 min"
      : "3 to 5 min"
    : "5 to 10 min where images can be pulled, 20 to 40 min where they must be built";
  say(`${paint.bold("Bringing Jatra up on a kind cluster")} (about ${duration}):
  Docker, kind, node image, base images, cluster, metrics-server, helm, images of the platform,
  operator, the sample platform, and a booking through it.
`);
}

async function installPlatform(
  cluster: Cluster,
  images: PlatformImages,
  registry?: string,
): Promise<void> {
  const { node, context } = cluster;
  if (registry === undefined && node !== undefined)
    return loadAndInstall({ node, context }, images);
  await phase("images pushed", () => pushImages(images, registry ?? ""));
  await phase("operator", () => installOperator(cluster, images, registry));
}

async function bookTicket(cluster: Cluster): ReturnType<typeof walkThrough> {
  say(`\n${paint.bold("Booking a ticket")}`);
  const baseUrl = await gatewayUrl(cluster);
  return walkThrough(baseUrl, ({ name, request, status, durationMs, detail }) => {
    const line = `${name.padEnd(32)} ${status}  ${`${durationMs} ms`.padStart(9)}  ${request}`;
    say(`  ${paint.green("✓")} ${line}${detail ? paint.dim(`  ${detail}`) : ""}`);
  });
}

/** Our own cluster publishes the gateway's NodePort; elsewhere it is found at a node's address. */
async function gatewayUrl(cluster: Cluster): Promise<string> {
  if (cluster.node === clusterOf(clusterName).node) return `http://127.0.0.1:${hostPort}`;
  const path = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const address = await kubectl(cluster, ["get", "nodes", "-o", `jsonpath=${path}`]);
  return `http://${address.trim()}:${hostPort}`;
}
