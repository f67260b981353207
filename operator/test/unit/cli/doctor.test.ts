import assert from "node:assert/strict";
import { diagnose } from "../../../src/cli/doctor/diagnose.ts";
import { found, type Ailment, type Evidence } from "../../../src/cli/doctor/evidence.ts";
import { parsePools } from "../../../src/cli/doctor/read-pools.ts";
import { renderDiagnosis } from "../../../src/cli/doctor/render-diagnosis.ts";
import { createPaint } from "../../../src/cli/paint.ts";
import { topology } from "../../../src/desired/rabbitmq/topology.ts";
import { generatedSecrets } from "../../../src/desired/secrets/secret-table.ts";
import type { ObservedObject } from "../../../src/metadata/observed-object.ts";
import { byKey, observedObject, workload } from "../../support/observed-fixture.ts";
import { platformWith } from "../../support/platform-fixture.ts";

const platform = platformWith();
const NO_SEED = Buffer.alloc(32);

function scaler(name: string, currentReplicas: number, maxReplicas: number, cpu: number) {
  return observedObject({
    kind: "HorizontalPodAutoscaler",
    name,
    spec: { minReplicas: 1, maxReplicas },
    status: {
      currentReplicas,
      currentMetrics: [{ resource: { current: { averageUtilization: cpu } } }],
    },
  });
}

function pod(app: string, resources: object, status: object = {}): ObservedObject {
  return observedObject({
    kind: "Pod",
    name: `${app}-1`,
    labels: { app },
    spec: { containers: [{ name: app, resources }] },
    status,
  });
}

const queue = (name: string, more: object = {}) => ({
  name,
  ready: 0,
  unacknowledged: 0,
  consumers: 1,
  acknowledgedPerSecond: 0,
  ...more,
});

const circuit = (service: string, state: "open" | "closed") => ({
  service,
  state,
  failures: 0,
  probeInMs: 0,
});

const POOL = {
  database: "booking_db",
  user: "booking_service",
  clientsActive: 3,
  clientsWaiting: 0,
  serversActive: 7,
  waitSecondsMax: 0,
};

const HEALTHY: Evidence = {
  platform,
  conditions: [],
  children: byKey([
    workload("Deployment", "booking-service", 3, 3),
    scaler("booking-service", 3, 15, 20),
  ]),
  pods: [pod("booking-service", { requests: { cpu: "100m" } })],
  secretKeys: new Map(
    generatedSecrets(platform).map(({ name, values }) => [name, Object.keys(values(NO_SEED))]),
  ),
  givenProblems: [],
  operatorsReady: 2,
  metricsApi: found(true),
  pools: found([POOL]),
  circuits: found({
    complete: true,
    pods: [{ pod: "a", circuits: [circuit("booking", "closed")] }],
  }),
  queues: found(topology().queues.map(({ name }) => queue(name))),
};

function ailmentsOf(changed: Partial<Evidence>): Ailment[] {
  return diagnose({ ...HEALTHY, ...changed }).flatMap(({ ailments }) => [...ailments]);
}

/** One ailment whose words and first step match. */
function assertFound(changed: Partial<Evidence>, what: RegExp, todo: RegExp): void {
  const ailments = ailmentsOf(changed);
  assert.equal(ailments.length, 1, JSON.stringify(ailments));
  assert.match(ailments[0]?.what ?? "", what);
  assert.match(ailments[0]?.todo.join("\n") ?? "", todo);
}

function queuesWith(name: string, more: object): Partial<Evidence> {
  const all = topology().queues.map((one) => queue(one.name, one.name === name ? more : {}));
  return { queues: found(all) };
}

describe("the doctor", () => {
  it("finds nothing where nothing is wrong", () => {
    assert.deepEqual(ailmentsOf({}), []);
  });

  it("finds a cluster without metrics-server", () => {
    assertFound({ metricsApi: found(false) }, /12 autoscalers stand still/, /metrics-server/);
  });

  it("doesn't miss metrics-server where nothing is scaled", () => {
    const services = Object.fromEntries(
      platform.services.map(({ facts }) => [facts.key, { autoscaling: { enabled: false } }]),
    );
    assert.deepEqual(
      ailmentsOf({ metricsApi: found(false), platform: platformWith({ services }) }),
      [],
    );
  });

  it("finds a container without a CPU request", () => {
    assertFound(
      { pods: [pod("booking-service", {})] },
      /booking-service in booking-service-1/,
      /-A 5/,
    );
    assert.deepEqual(ailmentsOf({ pods: [pod("pgbouncer", {})] }), []);
  });

  it("finds an HPA at its maximum, and how far it may be raised", () => {
    const children = byKey([
      workload("Deployment", "booking-service", 15, 15),
      scaler("booking-service", 15, 15, 90),
    ]);
    assertFound({ children }, /at its maximum of 15 pods, CPU 90 %/, /9 of the 22 .* by 2 at most/);
  });

  it("finds clients that wait for a connection", () => {
    const waiting = { ...POOL, clientsWaiting: 12, waitSecondsMax: 4 };
    assertFound({ pools: found([waiting]) }, /booking_db: 12 clients wait, .* 4 s/, /pg_stat/);
    assert.deepEqual(ailmentsOf({ pools: found([{ ...waiting, waitSecondsMax: 0 }]) }), []);
  });

  it("finds a pool that is nearly full", () => {
    const crowd = { ...POOL, clientsActive: 950 };
    assertFound({ pools: found([crowd]) }, /950 of 1000/, /maxClientConnections/);
  });

  it("tells a circuit that is stuck from one that is open with reason", () => {
    const pods = [
      { pod: "a", circuits: [circuit("booking", "open")] },
      { pod: "b", circuits: [circuit("booking", "closed")] },
    ];
    const circuits = found({ complete: true, pods });
    assertFound({ circuits }, /open in 1 of 2 gateway pods, although/, /circuits reset booking/);
    const children = byKey([workload("Deployment", "booking-service", 0, 3)]);
    assertFound({ circuits, children }, /rightly so: booking-service has 0 of 3/, /describe pods/);
  });

  it("finds a queue without consumer, also an empty one", () => {
    const changed = queuesWith("payment.processing.queue", { consumers: 0, ready: 4 });
    assertFound(changed, /has no consumer; 4 messages wait/, /restart deployment\/booking-service/);
    const empty = queuesWith("seat.booking-events.queue", { consumers: 0 });
    assertFound(empty, /no consumer/, /seat-reservation-service/);
  });

  it("finds a queue that stands still, not one that is worked on", () => {
    const still = { ready: 50, unacknowledged: 10 };
    assertFound(queuesWith("payment.processing.queue", still), /stands still: 50 wait/, /logs/);
    const busy = { ...still, acknowledgedPerSecond: 3 };
    assert.deepEqual(ailmentsOf(queuesWith("payment.processing.queue", busy)), []);
  });

  it("leaves queues alone in which messages wait by design", () => {
    const waiting = { consumers: 0, ready: 5 };
    assert.deepEqual(ailmentsOf(queuesWith("payment.retry-5s.queue", waiting)), []);
  });

  it("finds dead letters, and a queue that isn't there", () => {
    const dead = queuesWith("payment.processing.dead-letter.queue", { consumers: 0, ready: 2 });
    assertFound(dead, /holds 2 messages/, /jatractl requeue/);
    const all = HEALTHY.queues;
    assert.ok("found" in all);
    assertFound({ queues: found(all.found.slice(1)) }, /isn't there/, /MessagingReady/);
  });

  it("finds an image that can't be pulled", () => {
    const state = { waiting: { reason: "ImagePullBackOff" } };
    const status = { containerStatuses: [{ image: "jatra/booking-service:9", state }] };
    const pods = [pod("booking-service", { requests: { cpu: "1" } }, status)];
    assertFound({ pods }, /jatra\/booking-service:9 can't be pulled/, /kind load/);
  });

  it("finds a Secret that is gone, one that lacks a key, and a given one that isn't there", () => {
    const gone = new Map(HEALTHY.secretKeys);
    gone.delete("redis-credentials");
    assertFound({ secretKeys: gone }, /redis-credentials is gone/, /draws it anew/);
    const lacking = new Map(HEALTHY.secretKeys).set("jatra-admin", ["email"]);
    assertFound({ secretKeys: lacking }, /jatra-admin lacks password/, /draws it anew/);
    const givenProblems = ["Secret my-login (spec.payments.secretRef) doesn't exist."];
    assertFound({ givenProblems }, /my-login/, /kubectl get secrets/);
  });

  it("finds that nobody mends: no operator, or a pause", () => {
    assertFound({ operatorsReady: 0 }, /No pod of the operator is ready/, /jatra-operator/);
    assertFound({ platform: platformWith({ paused: true }) }, /paused/, /resume/);
  });

  it("says what it couldn't look at, and goes on", () => {
    const diagnoses = diagnose({ ...HEALTHY, circuits: { obstacle: "forbidden" } });
    const lines = renderDiagnosis("jatra/jatra", diagnoses, createPaint(false));
    assert.deepEqual(lines.slice(0, 4), ["jatra/jatra", "", "✔ operator", "✔ secrets"]);
    assert.ok(lines.includes("? circuits"));
    assert.ok(lines.includes("    couldn't look: forbidden"));
    assert.equal(lines.at(-1), "Nothing found. 1 of the checks couldn't look.");
  });

  it("reads PgBouncer's table by the names of its columns", () => {
    const csv = [
      "database,user,cl_active,cl_waiting,sv_active,sv_idle,maxwait,pool_mode",
      "booking_db,booking_service,3,12,7,0,4,transaction",
    ].join("\n");
    const waiting = { ...POOL, clientsWaiting: 12, waitSecondsMax: 4 };
    assert.deepEqual(parsePools(csv), [waiting]);
  });
});
