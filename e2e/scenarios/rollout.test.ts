import assert from "node:assert/strict";
import { signIn } from "./support/api.ts";
import { eventually } from "./support/eventually.ts";
import { jatractl } from "./support/jatractl.ts";
import { jsonPath, kubectl } from "./support/kubectl.ts";
import { applyLaptopSample } from "./support/laptop-sample.ts";
import {
  expectRollout,
  generations,
  killLeader,
  newestRevision,
  patchPlatform,
  readPlatform,
} from "./support/rollout.ts";
import { get, startTraffic } from "./support/traffic.ts";

/** Values of this run alone: pod templates that there were before would be their old revisions again. */
const run = Date.now();
const variable = (value: string) => ({ env: [{ name: "ROLLOUT_TEST", value: `${value}-${run}` }] });
const PHASED = {
  strategy: "Phased",
  waves: [["reporting"], ["user"], ["api-gateway"]],
  soakSeconds: 5,
  gates: { minRequests: 20 },
};
/** Two pods starting on a busy machine, a leader that is gone (15 s), and the soak. */
const WAVE_MS = 180_000;

const settled = async (revision: number) =>
  await eventually(`revision ${revision} is in place`, 2 * WAVE_MS, () =>
    expectRollout(({ status: { rollout } }) => {
      return rollout.phase === "Settled" && rollout.revision === revision;
    }),
  );

const degraded = async () => {
  const { status } = await readPlatform();
  return status.conditions.find(({ type }) => type === "Degraded");
};

describe("a rollout", () => {
  /** The revision in place, and the highest number that was given yet: other scenarios have come back from theirs. */
  let first = 0;
  let newest = 0;

  before(async () => {
    await patchPlatform({ rollout: PHASED });
    const platform = await eventually("a settled platform", WAVE_MS, () =>
      expectRollout(({ status }) => ["Settled", "RolledBack"].includes(status.rollout.phase)),
    );
    first = platform.status.rollout.revision;
    newest = await newestRevision();
  });

  after(async function () {
    this.timeout(2 * WAVE_MS);
    await patchPlatform({ rollout: null, services: { reporting: null, user: null } });
    await applyLaptopSample();
    await eventually("settled", 2 * WAVE_MS, () =>
      expectRollout(({ status }) => status.rollout.phase === "Settled"),
    );
  });

  it("changes no pod by a new operator with other defaults", async () => {
    const system = ["-n", "jatra-system"];
    const variables =
      '{.spec.template.spec.containers[0].env[?(@.name=="PLATFORM_IMAGE_TAG")].value}';
    const tag = await kubectl(
      "get",
      "deployment",
      "jatra-operator",
      "-o",
      `jsonpath=${variables}`,
      ...system,
    );
    const before = await generations();
    const setTag = async (value: string) => {
      await kubectl(
        "set",
        "env",
        "deployment/jatra-operator",
        `PLATFORM_IMAGE_TAG=${value}`,
        ...system,
      );
      await kubectl("rollout", "status", "deployment/jatra-operator", "--timeout=110s", ...system);
    };
    await setTag("of-another-operator");
    try {
      await eventually("nothing to change under the new operator", 60_000, async () => {
        const { code, text } = await jatractl("plan");
        assert.equal(code, 0, text);
      });
      // The new leader has been at work: what it lost comes back.
      await kubectl("delete", "configmap", "jatra-services");
      await eventually("repaired", 60_000, () => kubectl("get", "configmap", "jatra-services"));
      assert.deepEqual(await generations(), before);
    } finally {
      await setTag(tag);
    }
  });

  it("goes wave by wave, waits for traffic, and survives its operator twice", async function () {
    this.timeout(6 * WAVE_MS);
    const before = await generations();
    await patchPlatform({ services: { reporting: variable("1"), user: variable("1") } });
    await eventually("the first wave rolls", WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => rollout.wave.join() === "reporting-service"),
    );
    await killLeader();
    // Nobody asks anything of this platform but probes: no data is not success.
    await eventually("it waits for traffic", 2 * WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => rollout.message.includes("waits for traffic")),
    );
    const amid = await generations();
    assert.notEqual(amid["reporting-service"], before["reporting-service"]);
    assert.deepEqual(
      { ...amid, "reporting-service": before["reporting-service"] },
      before,
      "only the first wave has been touched",
    );
    await killLeader();
    const traffic = startTraffic(get("/api/stations"));
    try {
      const { status } = await settled(newest + 1);
      assert.equal(status.rollout.goodRevision, newest + 1);
    } finally {
      await traffic.stop();
    }
    assert.deepEqual(traffic.failures, []);
    assert.ok((traffic.counts[200] ?? 0) > 0);
    const after = await generations();
    assert.notEqual(after["user-service"], before["user-service"]);
    assert.equal(after["api-gateway"], before["api-gateway"]);
    const { text } = await jatractl("history");
    assert.match(
      text,
      new RegExp(`^${newest + 1} .* in place +reporting-service, user-service$`, "m"),
    );
  });

  it("with an image that nobody has is taken back and not tried again", async function () {
    this.timeout(6 * WAVE_MS);
    await patchPlatform({
      services: { reporting: { image: "jatra/reporting-service:missing" } },
      pgbouncer: { maxServerConnections: 80 },
    });
    await eventually("taken back", 2 * WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => rollout.phase === "RolledBack"),
    );
    const { status } = await readPlatform();
    assert.equal(status.rollout.revision, newest + 1);
    assert.equal(status.rollout.rejectedRevision, newest + 2);
    assert.match(status.rollout.message, /image jatra\/reporting-service:missing can't be pulled/);
    assert.equal((await degraded())?.reason, "RevisionRejected");
    const budget = "{.status.connectionBudget.serversMax}";
    assert.equal(await jsonPath("jatraplatform", "jatra", budget), "100");
    const before = await generations();
    // A new leader knows of the rejection too.
    await killLeader();
    await kubectl("delete", "configmap", "jatra-services");
    await eventually("repaired", 60_000, () => kubectl("get", "configmap", "jatra-services"));
    assert.deepEqual(await generations(), before);
    await patchPlatform({
      services: { reporting: { image: null } },
      pgbouncer: { maxServerConnections: null },
    });
    await settled(newest + 1);
    assert.equal((await degraded())?.status, "False");
  });

  it("is taken back by a gate when requests fail", async function () {
    this.timeout(6 * WAVE_MS);
    const { token } = await signIn();
    await kubectl("scale", "deployment/notification-service", "--replicas=0");
    const traffic = startTraffic(get("/api/notifications", token));
    try {
      await patchPlatform({ services: { reporting: variable("2") } });
      const path = "{.status.rollout.message}";
      await eventually("the gate fails", 2 * WAVE_MS, async () => {
        assert.match(
          await jsonPath("jatraplatform", "jatra", path),
          /requests failed, 5 % are allowed/,
        );
      });
    } finally {
      await traffic.stop();
      await kubectl("scale", "deployment/notification-service", "--replicas=2");
    }
    await eventually("taken back", WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => rollout.phase === "RolledBack"),
    );
  });

  it("is taken back by jatractl rollback, with the spec as it was", async function () {
    this.timeout(6 * WAVE_MS);
    // The rejected one is tried again when the spec says something new.
    await patchPlatform({ rollout: null, services: { reporting: variable("3") } });
    const { spec } = await eventually("the newest is in place", 2 * WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => {
        return rollout.phase === "Settled" && rollout.revision > newest + 1;
      }),
    );
    const { code, text } = await jatractl("rollback", "--to", String(first));
    assert.equal(code, 0, text);
    const platform = await eventually("rolled back by hand", 2 * WAVE_MS, () =>
      expectRollout(({ status: { rollout } }) => {
        return rollout.phase === "RolledBack" && rollout.revision === first;
      }),
    );
    assert.deepEqual(platform.spec, spec);
    assert.equal((await degraded())?.status, "False");
    const env = "{.spec.template.spec.containers[0].env[?(@.name=='ROLLOUT_TEST')].value}";
    assert.equal(await jsonPath("deployment", "reporting-service", env), "");
    const refused = await jatractl("rollback", "--to", "999");
    assert.equal(refused.code, 1);
    assert.match(refused.text, /There is no revision 999/);
  });
});
