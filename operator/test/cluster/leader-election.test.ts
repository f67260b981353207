import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { kindNamed, objectPath } from "../../src/metadata/resource-kinds.ts";
import { createApiClient, type ApiClient } from "../../src/runtime/api-client.ts";
import type { Credentials } from "../../src/runtime/credentials.ts";
import { LeaderElector, NotLeaderError } from "../../src/runtime/leader-election.ts";
import { readLease } from "../../src/runtime/lease-client.ts";
import { serverSideApply } from "../../src/runtime/server-side-apply.ts";
import { TcpProxy } from "./tcp-proxy.ts";
import {
  deleteIfThere,
  makeNamespace,
  NAMESPACE,
  testClient,
  testCredentials,
} from "./test-client.ts";

const MARK = "leader-mark";
/** A lease that nobody renews is taken after 15 s, at the next of tries 2.4 s apart. */
const TAKEOVER_MAX_MS = 25_000;

interface Candidate {
  readonly elector: LeaderElector;
  /** What it writes with as long as it leads. */
  readonly writer: ApiClient;
  /** Cuts it off from the API server, as a broken network would. */
  readonly isolate: () => Promise<void>;
  readonly changes: boolean[];
}

describe("leader election on a real API server", function () {
  this.timeout(60_000);
  let credentials: Credentials;
  let client: ApiClient;
  let leases = 0;
  const running: LeaderElector[] = [];
  const proxies: TcpProxy[] = [];

  before(async () => {
    credentials = await testCredentials();
    client = createApiClient(credentials, () => undefined);
    await makeNamespace(client);
  });
  afterEach(async () => {
    for (const elector of running.splice(0)) await elector.release();
    for (const proxy of proxies.splice(0)) await proxy.cut();
    await deleteIfThere(client, leasePath());
  });
  after(async () => {
    await deleteIfThere(client, objectPath(kindNamed("ConfigMap"), NAMESPACE, MARK));
    await client.close();
  });

  const leaseName = () => ({ namespace: NAMESPACE, name: `election-${leases}` });
  const leasePath = () =>
    `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${leaseName().name}`;

  async function candidate(identity: string): Promise<Candidate> {
    const changes: boolean[] = [];
    const proxy = await TcpProxy.before(credentials.server);
    proxies.push(proxy);
    const leaseClient = await testClient(proxy.url);
    const elector = new LeaderElector({
      client: leaseClient,
      lease: leaseName(),
      identity,
      onError: () => undefined,
      onChange: (isLeader) => changes.push(isLeader),
    });
    running.push(elector);
    elector.start();
    const writer = createApiClient(credentials, () => undefined, elector.assertLeading);
    return { elector, writer, isolate: async () => await proxy.cut(), changes };
  }

  const write = async ({ writer }: Candidate, by: string) =>
    await serverSideApply(
      writer,
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: MARK, namespace: NAMESPACE },
        data: { by },
      },
      { fieldManager: "jatra-operator-test", force: true },
    );

  beforeEach(() => (leases += 1));

  it("lets one of two lead, and only that one write", async () => {
    const first = await candidate("first");
    await first.elector.leading;
    const second = await candidate("second");
    // Nothing is to happen in this time: two tries of the second, two renewals of the first.
    await delay(5000);
    assert.equal((await readLease(client, leaseName()))?.record.holder, "first");
    assert.deepEqual([first.changes, second.changes], [[true], []]);
    await write(first, "first");
    await assert.rejects(write(second, "second"), NotLeaderError);
  });

  it("hands over within seconds when the leader stops", async () => {
    const first = await candidate("first");
    await first.elector.leading;
    const second = await candidate("second");
    await first.elector.release();
    await assert.rejects(write(first, "first"), NotLeaderError);
    await within(5000, second.elector.leading);
    await write(second, "second");
    const lease = await readLease(client, leaseName());
    assert.deepEqual([lease?.record.holder, lease?.record.transitions], ["second", 1]);
  });

  it("stops a leader that is cut off before the next one begins", async () => {
    const first = await candidate("first");
    await first.elector.leading;
    const second = await candidate("second");
    await first.isolate();
    const lostAt = once(first.elector.lost).then(() => performance.now());
    const takenAt = second.elector.leading.then(() => performance.now());
    await within(TAKEOVER_MAX_MS, takenAt);
    assert.ok((await lostAt) < (await takenAt));
    await assert.rejects(write(first, "first"), NotLeaderError);
    await write(second, "second");
    assert.deepEqual(first.changes, [true, false]);
  });

  it("gives up at once when another's name stands in the lease", async () => {
    const first = await candidate("first");
    await first.elector.leading;
    await client.call({
      method: "PATCH",
      path: leasePath(),
      contentType: "application/merge-patch+json",
      body: { spec: { holderIdentity: "usurper" } },
    });
    await within(6000, once(first.elector.lost));
    await assert.rejects(write(first, "first"), NotLeaderError);
    assert.equal((await readLease(client, leaseName()))?.record.holder, "usurper");
  });

  it("makes a lease again that somebody deleted, without a change of leader", async () => {
    const first = await candidate("first");
    await first.elector.leading;
    await deleteIfThere(client, leasePath());
    const deadline = performance.now() + 8000;
    while ((await readLease(client, leaseName()))?.record.holder !== "first") {
      assert.ok(performance.now() < deadline, "the lease didn't come back");
      await delay(100);
    }
    assert.deepEqual(first.changes, [true]);
  });
});

async function once(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const timeout = delay(limitMs, "late", { signal: late.signal }).catch(() => "");
  const winner = await Promise.race([promise.then(() => "done"), timeout]);
  late.abort();
  assert.equal(winner, "done", `not within ${limitMs} ms`);
}
