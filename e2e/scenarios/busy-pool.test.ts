import assert from "node:assert/strict";
import { clusterOf } from "../cluster/kind-cluster.ts";
import {
  BUSY_SERVICE,
  startBusyClients,
  type BusyClients,
  type Report,
} from "../pool/busy-clients.ts";
import { poolPods, poolSetting } from "../pool/pool-pods.ts";
import { askForRotation, loginIn, type Login } from "../pool/rotation.ts";
import { assertUnharmed } from "../pool/unharmed.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/kubectl.ts";
import { patchPlatform } from "./support/rollout.ts";
import { testCluster } from "./support/test-cluster.ts";

const CLIENTS = 200;
const { namespace } = testCluster;
const cluster = clusterOf(testCluster.name);
const limits = { maxClientConnections: 1_100, maxServerConnections: 96 };

const onlyPod = async () => {
  const pods = await poolPods(cluster, namespace);
  assert.equal(pods.length, 1, JSON.stringify(pods));
  const [pod] = pods;
  assert.ok(pod?.isReady, "not ready");
  return pod;
};

const SECRET = `${BUSY_SERVICE}-database`;

const login = (kind: "" | "previous-") => loginIn(cluster, namespace, SECRET, kind);

/** As whom PostgreSQL sees somebody who comes through the pool with that login. */
const signIn = async ({ username, password }: Login): Promise<string> => {
  const psql = ["psql", "-h", "127.0.0.1", "-U", username, "auth_db", "-At"];
  const inPool = ["exec", "deploy/pgbouncer", "--", "env", `PGPASSWORD=${password}`, ...psql];
  return (await kubectl(...inPool, "-c", "SELECT current_user")).trim();
};

describe(`the connection pool with ${CLIENTS} busy clients`, () => {
  let clients: BusyClients;
  let atStart: Report;
  let first: Login;

  before(async function () {
    this.timeout(180_000);
    await eventually("one pod", 90_000, onlyPod);
    first = await login("");
    clients = await startBusyClients(cluster, namespace, CLIENTS);
    atStart = await eventually("all are at work", 60_000, async () => {
      const report = await clients.report();
      assert.ok(report.connections >= CLIENTS, `${report.connections} connections`);
      return report;
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const words = await kubectl("logs", "-l", "app=pgbouncer", "--tail=20", "--prefix");
    console.log(`      the pool's last words:\n${words}`);
  });

  after(async function () {
    this.timeout(180_000);
    await clients.stop();
    await patchPlatform({ pgbouncer: { maxClientConnections: null, maxServerConnections: null } });
    await eventually("one pod with the limits of before", 120_000, async () => {
      const { name } = await onlyPod();
      assert.equal(await poolSetting(cluster, namespace, name, "max_client_conn"), "1000");
    });
  });

  it("takes other limits without a lost request and without a restart", async () => {
    const pod = await onlyPod();
    const startedAt = performance.now();
    await patchPlatform({ pgbouncer: limits });
    // A kubelet that nobody told would look within 90 s.
    await eventually("the new limit holds", 120_000, async () => {
      const limit = await poolSetting(cluster, namespace, pod.name, "max_client_conn");
      assert.equal(limit, `${limits.maxClientConnections}`);
    });
    console.log(`      reloaded after ${Math.round(performance.now() - startedAt)} ms`);
    assert.deepEqual(await onlyPod(), pod);
    assertUnharmed(await clients.report(), atStart);
  });

  it("waits out a database that stands still for three seconds, without a lost request", async () => {
    const still = "pkill -STOP -x postgres; sleep 3; pkill -CONT -x postgres";
    await kubectl("exec", "postgres-0", "--", "bash", "-c", still);
    const report = await eventually("they waited for it", 30_000, async () => {
      const now = await clients.report();
      assert.ok(now.slowestMs > 2_500, `the slowest waited ${now.slowestMs} ms`);
      return now;
    });
    assertUnharmed(report, atStart);
  });

  it("hands its clients to another pod, and their service another login, without a lost request", async function () {
    this.timeout(180_000);
    const { name } = await onlyPod();
    await askForRotation(cluster, namespace, SECRET);
    await kubectl("rollout", "restart", "deployment/pgbouncer");
    await eventually(
      "the pods have the other login, and the first is valid still",
      120_000,
      async () => {
        assert.equal((await login("previous-")).username, first.username);
      },
    );
    await kubectl("rollout", "status", `deployment/${BUSY_SERVICE}`, "--timeout=110s");
    await eventually("the old pod has gone, when its last client had left", 120_000, async () => {
      assert.notEqual((await onlyPod()).name, name);
    });
    const report = await clients.report();
    console.log(`      ${JSON.stringify(report)}`);
    assertUnharmed(report, atStart);
    assert.ok(report.connections >= 2 * CLIENTS, "every client has moved");
  });

  it("would be found out: one that ends at once loses requests", async () => {
    const { name } = await onlyPod();
    // A second SIGTERM is PgBouncer's immediate end.
    const twice = "kill -TERM 1; sleep 0.5; kill -TERM 1";
    await kubectl("exec", name, "--", "bash", "-c", twice);
    await eventually("errors are counted", 30_000, async () => {
      const { errors, lost } = await clients.report();
      assert.ok(errors > 0 && lost > 0, `${errors} errors, ${lost} lost connections`);
    });
  });

  it("lets nobody in with the login of before, once the last pod that was started with it has gone", async () => {
    await eventually("the pool answers again", 60_000, onlyPod);
    // These clients were started with it, and have kept it valid until now.
    assert.equal((await login("previous-")).username, first.username);
    await clients.stop();
    await eventually("it is retired", 60_000, async () => {
      await assert.rejects(signIn(first), /authentication failed/);
    });
    assert.equal(await signIn(await login("")), "auth_service");
  });
});
