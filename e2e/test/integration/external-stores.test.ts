import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { connectRabbit } from "@jatra/common/messaging/connection.ts";
import { createMetrics } from "@jatra/common/metrics/metrics.ts";
import { eventually } from "@jatra/testing/eventually.ts";
import { silentLogger } from "@jatra/testing/silent-logger.ts";
import { testStores } from "@jatra/testing/stores.ts";
import { Agent, request } from "undici";
import { CommandFailed, run } from "../../cluster/run-command.ts";
import { makeCertificates, type Certificates } from "../../external/certificates.ts";
import { readBroker } from "../../../operator/src/controller/rabbitmq/management-api.ts";
import { removeTopology } from "../../../operator/src/controller/rabbitmq/remove-topology.ts";
import { keepTopology } from "../../../operator/src/controller/rabbitmq/keep-topology.ts";
import {
  bootstrapSql,
  loginVariables,
  roles,
} from "../../../operator/src/desired/bootstrap-sql.ts";
import { topology } from "../../../operator/src/desired/rabbitmq/topology.ts";
import { platformWith } from "../../../operator/test/support/platform-fixture.ts";

/** RabbitMQ boots in 8 s, longer beside other work. */
const START_MS = 90_000;
const TLS = "/tmp/tls";
/** The key belongs to whoever runs the store: no mounted file could, on every machine. */
const UNPACK = `mkdir ${TLS} && cd ${TLS} && printf %s "$CA" >ca.crt && printf %s "$CERT" >tls.crt && (umask 077; printf %s "$KEY" >tls.key) && cd -`;
const RABBITMQ_CONFIG = `listeners.tcp = none
listeners.ssl.default = 5671
ssl_options.cacertfile = ${TLS}/ca.crt
ssl_options.certfile = ${TLS}/tls.crt
ssl_options.keyfile = ${TLS}/tls.key
management.ssl.port = 15671
management.ssl.cacertfile = ${TLS}/ca.crt
management.ssl.certfile = ${TLS}/tls.crt
management.ssl.keyfile = ${TLS}/tls.key
`;

const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

/** A store of the tests' own image that speaks TLS by these certificates; answers its container. */
const startStore = async (
  store: string,
  { authority, certificate, key }: Certificates,
  options: readonly string[],
  args = "",
): Promise<string> => {
  const image = await docker("inspect", `jatra-test-${store}`, "--format", "{{.Config.Image}}");
  const pem = ["--env", `CA=${authority}`, "--env", `CERT=${certificate}`, "--env", `KEY=${key}`];
  const script = `${UNPACK} && exec /usr/local/bin/entrypoint ${args}`;
  const settings = ["--detach", "--rm", "--user=999:999", "--entrypoint=bash", ...pem, ...options];
  return (await docker("run", ...settings, image.trim(), "-c", script)).trim();
};

describe("RabbitMQ of somebody else, by TLS", function () {
  this.timeout(2 * START_MS);
  const services = { username: "services", password: "s&rv=ces/@:3" };
  const declarer = { username: "declarer", password: "m+n@ge/ment:4" };
  const keeperPassword = randomUUID();
  let folder: string;
  let container: string;
  let authority: string;
  let url: string;
  const port = async (inside: number): Promise<string> =>
    (await docker("port", container, `${inside}/tcp`)).trim().split(":").at(-1) ?? "";
  /** As the keeper of the broker, by its management API: rabbitmqctl boots an Erlang machine a call. */
  const put = async (path: string, body: object): Promise<void> => {
    const { statusCode } = await request(`${url}/api/${path}`, {
      method: "PUT",
      dispatcher: new Agent({ connect: { ca: authority } }),
      headers: {
        authorization: `Basic ${Buffer.from(`keeper:${keeperPassword}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    assert.ok(statusCode < 300, `${path}: ${statusCode}`);
  };
  const login = () => ({ url, secretName: "rabbitmq-management", authority, ...declarer });

  before(async () => {
    await testStores();
    const certificates = await makeCertificates(["localhost"]);
    ({ authority } = certificates);
    folder = await mkdtemp(join(tmpdir(), "jatra-rabbitmq-"));
    await chmod(folder, 0o755);
    await writeFile(join(folder, "20-tls.conf"), RABBITMQ_CONFIG);
    const keeper = ["USER=keeper", `PASS=${keeperPassword}`];
    container = await startStore("rabbitmq", certificates, [
      ...keeper.map((variable) => `--env=RABBITMQ_DEFAULT_${variable}`),
      "--env=RABBITMQ_ERLANG_COOKIE=of-the-test",
      "--env=ERL_MAX_PORTS=65536",
      "--publish=127.0.0.1::5671",
      "--publish=127.0.0.1::15671",
      `--volume=${join(folder, "20-tls.conf")}:/etc/rabbitmq/conf.d/20-tls.conf:ro`,
    ]);
    url = `https://localhost:${await port(15_671)}`;
    const all = { configure: ".*", write: ".*", read: ".*" };
    for (const { user, tags, rights } of [
      { user: services, tags: "", rights: { ...all, configure: "^$" } },
      { user: declarer, tags: "policymaker", rights: all },
    ]) {
      const { username, password } = user;
      await eventually(async () => {
        await put(`users/${username}`, { password, tags });
        return true;
      }, START_MS);
      await put(`permissions/%2F/${username}`, rights);
    }
  });
  after(async () => {
    await docker("rm", "--force", "--volumes", container);
    await rm(folder, { recursive: true });
  });

  it("is declared by the management login, once", async () => {
    const { exchanges, queues, bindings, policies } = topology();
    const all = exchanges.length + queues.length + bindings.length + policies.length;
    const first = await keepTopology(login());
    assert.deepEqual(first.messaging, { state: "declared" });
    assert.equal(first.declared.length, all);
    assert.deepEqual(await keepTopology(login()), {
      messaging: { state: "declared" },
      declared: [],
    });
  });

  it("is used by the services' login, which may only read and write", async () => {
    const known = getCACertificates("default");
    setDefaultCACertificates([...known, authority]);
    const { username, password } = services;
    const address = `amqps://${username}:${encodeURIComponent(password)}@localhost:${await port(5671)}/`;
    const metrics = createMetrics("test");
    const rabbit = connectRabbit({ url: address, logger: silentLogger, metrics });
    try {
      await eventually(() => rabbit.isReady(), 10_000);
      const { promise: delivered, resolve } = Promise.withResolvers<string>();
      const handle = async ({ id }: { readonly id: string }) => resolve(id);
      rabbit.consume({ queue: "ticket.booking-events.queue", prefetch: 1, handle });
      const id = randomUUID();
      const event = { routingKey: "booking.confirmed", type: "booking.confirmed", requestId: id };
      await rabbit.publish({ exchange: "booking.exchange", messageId: id, content: {}, ...event });
      assert.equal(await delivered, id);
    } finally {
      await rabbit.close();
      setDefaultCACertificates(known);
    }
  });

  it("is cleared of all that was declared, and of nothing else; what is gone already is no error", async () => {
    await put("queues/%2F/of.others", { durable: true });
    await removeTopology(login(), topology());
    await removeTopology(login(), topology());
    const { queues, exchanges, policies } = await readBroker(login());
    assert.deepEqual(
      queues.map(({ name }) => name),
      ["of.others"],
    );
    assert.deepEqual(policies, []);
    const others = exchanges.filter(({ name }) => name !== "" && !name.startsWith("amq."));
    assert.deepEqual(others, []);
    await assert.rejects(
      removeTopology({ ...login(), password: "of before" }, topology()),
      /refuses/,
    );
  });

  it("that refuses is told of with the Secret's name, and an unknown authority as such", async () => {
    const wordsFor = async (but: object): Promise<string> => {
      const { messaging } = await keepTopology({ ...login(), ...but });
      return messaging.state === "waiting" ? messaging.message : messaging.state;
    };
    const refused = /refuses username and password of Secret rabbitmq-management/;
    assert.match(await wordsFor({ password: "of before" }), refused);
    assert.match(await wordsFor(services), /lacks the tag policymaker/);
    assert.match(await wordsFor({ authority: undefined }), /self-signed certificate/);
  });
});

describe("PostgreSQL of somebody else, by TLS", function () {
  this.timeout(2 * START_MS);
  const password = "p@ss/w:rd?#1 é";
  const external = { host: "localhost", secretRef: { name: "postgres-admin" } };
  const platform = platformWith({ postgres: { type: "External", external } });
  let container: string;

  /** psql as the login that people gave; answers what it says. */
  const psql = (sql: string, authority = `${TLS}/ca.crt`): Promise<string> => {
    const passwords = roles(platform).flatMap(({ role }) => {
      const variables = loginVariables(role, "");
      return [`${variables.username}=${role}`, `${variables.password}=${randomUUID()}`];
    });
    const tls = ["PGSSLMODE=verify-full", `PGSSLROOTCERT=${authority}`];
    const user = ["PGHOST=localhost", "PGUSER=jatra_admin", `PGPASSWORD=${password}`];
    const env = [...passwords, ...tls, ...user].map((variable) => `--env=${variable}`);
    const args = ["exec", "-i", ...env, container, "psql", "-AtX", "postgres"];
    return run("docker", args, { input: sql });
  };

  before(async () => {
    await testStores();
    const certificates = await makeCertificates(["localhost"]);
    const ssl = `-c ssl=on -c ssl_cert_file=${TLS}/tls.crt -c ssl_key_file=${TLS}/tls.key`;
    const options = ["--env=POSTGRES_PASSWORD=of-the-superuser"];
    container = await startStore("postgres", certificates, options, ssl);
    const role = `CREATE ROLE jatra_admin LOGIN CREATEDB CREATEROLE PASSWORD '${password}'`;
    const superuser = ["--env=PGPASSWORD=of-the-superuser", container, "psql", "-h", "127.0.0.1"];
    const make = async () => await docker("exec", ...superuser, "-U", "postgres", "-c", role);
    await eventually(make, START_MS);
  });
  after(async () => {
    await docker("rm", "--force", "--volumes", container);
  });

  it("gets databases and roles from a login that is no superuser, and again without harm", async () => {
    await psql(bootstrapSql(platform));
    await psql(bootstrapSql(platform));
    const owners =
      "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname LIKE '%_db'";
    const rows = (await psql(owners)).trim().split("\n").toSorted();
    assert.equal(rows.length, 12);
    assert.equal(rows[1], "auth_db|auth_service");
  });

  it("would refuse what the operator does in a database of its own", async () => {
    await assert.rejects(psql(bootstrapSql(platformWith())), (error) => {
      assert.ok(error instanceof CommandFailed);
      assert.match(error.output, /permission denied to set parameter/);
      return true;
    });
  });

  it("isn't trusted without its authority", async () => {
    await assert.rejects(psql("SELECT 1", "/etc/ssl/certs/ca-certificates.crt"), CommandFailed);
  });
});
