import assert from "node:assert/strict";
import type { Snapshot } from "../../../src/controller/observe.ts";
import { rotateLogins } from "../../../src/controller/rotate-logins.ts";
import { bootstrapJobName } from "../../../src/desired/bootstrap-job.ts";
import { serviceEnvironment } from "../../../src/desired/service-environment.ts";
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

  describe("and the key of tickets", () => {
    const NAME = "ticket-service-keys";
    const secret = {
      ...observedObject({ kind: "Secret", name: NAME }),
      annotations: { "jatra.dev/rotate-key": "1" },
    };
    const ticketPod = (hash: string) => ({
      ...pod("ticket-1", hash),
      labels: { "app.kubernetes.io/name": "ticket-service" },
    });
    const stepsWith = (spec: object, secrets = contextWith().secrets, hash = "a") => {
      const context = contextWith(spec, { secrets });
      const children = byKey([secret]);
      const snapshot: Snapshot = { children, pods: [ticketPod(hash)], secrets, given: new Map() };
      return rotate({ context, snapshot });
    };

    it("by annotation of its Secret, one step after the other", () => {
      const announced = stepsWith({});
      assert.match(announced.steps.join(), /^ticket-service: key [\w-]{43} is announced$/);
      const { secrets } = announced.snapshot;
      assert.deepEqual(stepsWith({}, secrets).steps, []);
      assert.match(stepsWith({}, secrets, "b").steps.join(), /signs now; tickets of .* stay good/);
    });

    it("reaches the pods by their variable, and leaves a list of people's own alone", () => {
      const env = [{ name: "TICKET_FURTHER_KEYS", value: "k" }];
      const spec = { services: { ticket: { env } } };
      assert.deepEqual(stepsWith(spec).steps, []);
      const variables = (given: object) => {
        const { platform } = contextWith(given);
        const ticket = platform.services.find(({ facts }) => facts.key === "ticket");
        assert.ok(ticket);
        return serviceEnvironment(platform, ticket).filter(
          ({ name }) => name === "TICKET_FURTHER_KEYS",
        );
      };
      assert.deepEqual(variables(spec), env);
      const reference = { name: NAME, key: "further-keys", optional: true };
      assert.deepEqual(variables({}), [
        { name: "TICKET_FURTHER_KEYS", valueFrom: { secretKeyRef: reference } },
      ]);
    });
  });
});
