/** The commands that the product's guide tells people to run, each as it is written there, but for the address. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cluster/run-command.ts";
import { walkThrough } from "../cluster/walk-through.ts";
import { api } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { gatewayPods } from "./support/gateway-pods.ts";
import { jsonPath, kubectl } from "./support/kubectl.ts";
import { baseUrl } from "./support/test-cluster.ts";

const console_ = ["exec", "deploy/pgbouncer", "--", "psql", "-p", "5432", "-U", "jatra_user"];

describe("the guide's commands: state of the platform", () => {
  it("every Deployment has its name, label and resource requests", async () => {
    const template =
      '{range .items[*]}{.metadata.name}={.metadata.labels.app}={.spec.template.spec.containers[0].resources.requests.cpu}{"\\n"}{end}';
    const lines = (await kubectl("get", "deploy", "-o", `jsonpath=${template}`)).trim().split("\n");
    const expected = [
      "admin-service",
      "api-gateway",
      "auth-service",
      "booking-service",
      "notification-service",
      "payment-service",
      "payment-simulator",
      "pgbouncer",
      "redis",
      "reporting-service",
      "schedule-service",
      "search-service",
      "seat-reservation-service",
      "ticket-service",
      "user-service",
    ];
    assert.deepEqual(
      lines.map((line) => line.split("=")[0]),
      expected,
    );
    for (const line of lines) assert.match(line, /^([a-z-]+)=\1=\d+m?$/);
  });

  it("every container of every pod says what it needs", async () => {
    const template =
      "{range .items[*]}{range .spec.containers[*]}{.resources.requests.cpu};{end}{end}";
    const requests = await kubectl("get", "pods", "-o", `jsonpath=${template}`);
    assert.match(requests, /^(\d+m?;)+$/);
  });
});

describe("the guide's commands: PgBouncer", () => {
  for (const [what, column] of [
    ["POOLS", "cl_active"],
    ["STATS", "total_xact_count"],
    ["CLIENTS", "application_name"],
    ["SERVERS", "application_name"],
  ] as const) {
    it(`SHOW ${what} on the admin console asks no password`, async () => {
      const rows = await kubectl(...console_, "pgbouncer", "-c", `SHOW ${what};`);
      assert.match(rows, new RegExp(column));
    });
  }

  it("psql reaches PostgreSQL itself from the pool's pod", async () => {
    const direct = ["-h", "postgres-service", ...console_.slice(4), "auth_db"];
    const rows = await kubectl(
      "exec",
      "deploy/pgbouncer",
      "--",
      "psql",
      ...direct,
      "-Atc",
      "select current_user, count(*) >= 1 from users",
    );
    assert.equal(rows.trim(), "jatra_user|t");
  });
});

describe("the guide's commands: queues and keys", () => {
  it("rabbitmqctl lists our queues", async () => {
    const list = ["rabbitmqctl", "list_queues", "name", "messages"];
    assert.match(
      await kubectl("exec", "rabbitmq-0", "--", ...list),
      /^payment\.processing\.queue\s+\d+$/m,
    );
  });

  it("kubectl logs of the payment worker has lines with Payment", async () => {
    await walkThrough(baseUrl, () => undefined);
    // Any of the pods may have handled the payment.
    const logs = await kubectl("logs", "-l", "app=booking-service");
    assert.match(logs, /Payment/);
  });
});

describe("the guide's commands: a hundred requests for the same seats", () => {
  it("exactly one succeeds and nothing is held in part", async () => {
    const body = (user: number): string =>
      JSON.stringify({
        journeyId: "test-journey",
        seatIds: ["seat-1", "seat-2"],
        userId: `user-${user}`,
      });
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async (_, user) => {
        const response = await fetch(`${baseUrl}/api/seats/locks/acquire`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: body(user),
        });
        await response.text();
        return response.status;
      }),
    );
    assert.deepEqual(
      [statuses.filter((s) => s === 201).length, statuses.filter((s) => s === 409).length],
      [1, 99],
    );
  });

  it("also as ab posts them, as text/plain", async () => {
    const folder = await mkdtemp(join(tmpdir(), "jatra-ab-"));
    const file = join(folder, "seat-request.json");
    await writeFile(file, JSON.stringify({ journeyId: "test-journey", seatIds: ["seat-7"] }));
    const url = `${baseUrl}/api/seats/locks/acquire`;
    const report = await run("ab", ["-n", "100", "-c", "100", "-p", file, url]);
    await rm(folder, { recursive: true });
    assert.match(report, /Complete requests:\s+100/);
    assert.match(report, /Non-2xx responses:\s+99/);
  });
});

describe("the guide's commands: the circuit breaker", () => {
  after(async () => {
    await kubectl("rollout", "status", "deployment/auth-service", "--timeout=180s");
  });

  it("opens on every gateway when auth-service is gone, and closes again", async () => {
    const gateways = (await gatewayPods()).map(({ name }) => name);
    assert.ok(gateways.length >= 3, gateways.join(" "));
    const since = new Date().toISOString();
    await kubectl("scale", "deployment/auth-service", "--replicas=0");
    await eventually("auth-service has no pod", 90_000, async () => {
      assert.equal(
        (await kubectl("get", "pods", "-l", "app=auth-service", "-o", "name")).trim(),
        "",
      );
    });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) {
      statuses.push((await api("GET", "/api/auth/login")).status);
    }
    assert.ok(
      statuses.every((status) => status >= 502 && status <= 504),
      statuses.join(" "),
    );
    const answer = await api("GET", "/api/auth/login");
    assert.equal(answer.body["code"], "circuit_open");
    assert.ok(Number(answer.headers.get("retry-after")) >= 1);
    await everyGatewayLogged(gateways, since, ["OPEN"]);

    await kubectl("scale", "deployment/auth-service", "--replicas=2");
    await kubectl("rollout", "status", "deployment/auth-service", "--timeout=180s");
    await eventually("login is judged by auth-service again", 90_000, async () => {
      assert.equal((await api("GET", "/api/auth/login")).status, 405);
    });
    await everyGatewayLogged(gateways, since, ["OPEN", "CLOSED"]);
  });
});

/** These changes of auth's circuit in this order, in each pod's log since then; there may be others between them. */
const everyGatewayLogged = (
  pods: readonly string[],
  since: string,
  states: readonly string[],
): Promise<void> =>
  eventually(`every gateway logged ${states.join(" and ")}`, 60_000, async () => {
    const words = states.map(
      (state) => `\\[API Gateway\\] Circuit breaker ${state} for service: auth`,
    );
    // One that an autoscaler took away meanwhile has nothing more to say.
    const still = (await gatewayPods()).filter(({ name }) => pods.includes(name));
    assert.ok(still.length >= 3);
    for (const { name } of still) {
      const log = await kubectl("logs", name, `--since-time=${since}`);
      assert.match(log, new RegExp(words.join("[^]*")), name);
    }
  });

describe("the guide's commands: autoscaler", () => {
  it("describe tells no failure to read metrics", async () => {
    await eventually("metrics arrive", 120_000, async () => {
      const path = "{.status.currentMetrics[0].resource.current.averageUtilization}";
      assert.match(await jsonPath("hpa", "booking-service", path), /^\d+$/);
    });
  });
});
