import assert from "node:assert/strict";
import { walkThrough } from "../cluster/walk-through.ts";
import { clusterOf } from "../cluster/kind-cluster.ts";
import { loginIn } from "../pool/rotation.ts";
import { eventually } from "./support/eventually.ts";
import { kubectl } from "./support/kubectl.ts";
import { baseUrl, testCluster } from "./support/test-cluster.ts";

const cluster = clusterOf(testCluster.name);
const { namespace } = testCluster;
/** The superuser's, which the bootstrap needs, and a service's own. Each is on a volume that knows the old password. */
const SECRETS = ["postgres-credentials", "user-service-database"] as const;

const logins = () => Promise.all(SECRETS.map((secret) => loginIn(cluster, namespace, secret)));

/** By TCP, where the password is asked for. */
const signIn = async (database: string, username: string, password: string): Promise<string> => {
  const psql = ["psql", "-h", "127.0.0.1", "-U", username, database, "-Atc", "SELECT 1"];
  const inDatabase = ["exec", "postgres-0", "--", "env", `PGPASSWORD=${password}`, ...psql];
  return (await kubectl(...inDatabase)).trim();
};

describe("Secrets that are lost", () => {
  it("are drawn anew, and the volume that knew the old ones learns them", async function () {
    this.timeout(300_000);
    const before = await logins();
    await kubectl("delete", "secret", ...SECRETS);
    const [admin, user] = await eventually("they are back", 60_000, async () => {
      const after = await logins();
      for (const [index, { password }] of after.entries()) {
        assert.notEqual(password, before[index]?.password);
      }
      return after;
    });
    assert.ok(admin && user);
    await eventually("PostgreSQL knows them", 180_000, async () => {
      assert.equal(await signIn("postgres", admin.username, admin.password), "1");
      assert.equal(await signIn("user_db", user.username, user.password), "1");
    });
    await assert.rejects(
      signIn("user_db", user.username, before[1]?.password ?? ""),
      /authentication failed/,
    );
    await kubectl("rollout", "status", "deployment/user-service", "--timeout=110s");
    await eventually("a ticket can be booked", 120_000, async () => {
      await walkThrough(baseUrl, () => undefined);
    });
  });
});
