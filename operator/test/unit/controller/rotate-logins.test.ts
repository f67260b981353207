import assert from "node:assert/strict";
import type { Snapshot } from "../../../src/controller/observe.ts";
import { rotateLogins } from "../../../src/controller/rotate-logins.ts";
import { bootstrapJobName } from "../../../src/desired/bootstrap-job.ts";
import { userlist } from "../../../src/desired/pgbouncer-config.ts";
import { byKey, finishedJob, observedObject } from "../../support/observed-fixture.ts";
import { contextWith } from "../../support/platform-fixture.ts";

const SECRET = "auth-service-database";
const seed = Buffer.alloc(32, 3);
const pod = (name: string, hash: string) => ({
  ...observedObject({ kind: "Pod", name, labels: { "app.kubernetes.io/name": "auth-service" } }),
  annotations: { "jatra.dev/config-hash": hash },
});

/** What a run sees: the Secrets as they are, one of them asked to rotate, and the Job that has made their logins. */
function look(secrets = contextWith().secrets, hash = "a") {
  const context = contextWith({}, { secrets });
  const secret = {
    ...observedObject({ kind: "Secret", name: SECRET }),
    annotations: { "jatra.dev/rotate-logins": "1" },
  };
  const job = finishedJob(bootstrapJobName(context) ?? "", "Complete");
  const pods = [pod("auth-1", hash)];
  const snapshot: Snapshot = { children: byKey([secret, job]), pods, secrets, given: new Map() };
  return { context, snapshot };
}

const rotate = ({ context, snapshot }: ReturnType<typeof look>, annotations = {}) =>
  rotateLogins(context, snapshot, { annotations, completedJobs: [], seed });

const users = (secrets: ReadonlyMap<string, Readonly<Record<string, string>>>) =>
  [...userlist(contextWith().platform, secrets).matchAll(/"(auth_service\w*)"/g)].map(
    ([, user]) => user,
  );

describe("rotating logins", () => {
  it("takes one service's through all three steps, and lets PgBouncer know both meanwhile", () => {
    const added = rotate(look());
    assert.deepEqual(added.steps, ["auth-service: auth_service_2 is added"]);
    assert.deepEqual(users(added.snapshot.secrets), ["auth_service", "auth_service_2"]);
    const switched = rotate(look(added.snapshot.secrets));
    assert.deepEqual(switched.steps, [
      "auth-service: pods move from auth_service to auth_service_2",
    ]);
    assert.deepEqual(users(switched.snapshot.secrets), ["auth_service_2", "auth_service"]);
    assert.deepEqual(rotate(look(switched.snapshot.secrets)).steps, []);
    const retired = rotate(look(switched.snapshot.secrets, "b"));
    assert.deepEqual(retired.steps, ["auth-service: auth_service is retired"]);
    assert.deepEqual(users(retired.snapshot.secrets), ["auth_service_2"]);
  });

  it("waits for the Job that makes the login, which is another than the one before", () => {
    const { context, snapshot } = look();
    const added = rotate({ context, snapshot }).snapshot;
    const after = contextWith({}, { secrets: added.secrets });
    assert.notEqual(bootstrapJobName(after), bootstrapJobName(context));
    assert.deepEqual(rotate({ context: after, snapshot: added }).steps, []);
  });

  it("takes all services' when the platform is asked", () => {
    assert.equal(rotate(look(), { "jatra.dev/rotate-logins": "all" }).steps.length, 12);
  });

  it("leaves the snapshot as it is where nothing is asked", () => {
    const { context, snapshot } = look();
    const quiet = { ...snapshot, children: byKey([]) };
    assert.equal(rotate({ context, snapshot: quiet }).snapshot, quiet);
  });
});
