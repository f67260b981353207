import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCommand } from "../cluster/debian-packages.ts";
import { run } from "../cluster/run-command.ts";

/** Long enough for any run, and short enough to be of no use to anybody afterwards. */
const DAYS = "2";
const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export type Certificates = {
  /** PEM of the authority. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
};

/** An authority of our own, and a certificate that it signed for the given host names. */
export const makeCertificates = async (hosts: readonly string[]): Promise<Certificates> => {
  await ensureCommand("openssl", ["openssl"]);
  const folder = await mkdtemp(join(tmpdir(), "jatra-certificates-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => run("openssl", [...args], { cwd: folder });
  try {
    const subject = ["-subj", "/CN=Jatra's own authority"];
    await openssl(
      "req",
      "-x509",
      ...CURVE,
      ...subject,
      "-days",
      DAYS,
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
    );
    await openssl("req", ...CURVE, "-subj", "/CN=stores", "-keyout", "tls.key", "-out", "tls.csr");
    const names = hosts.map((host) => `DNS:${host}`).join(",");
    await writeFile(file("names.cnf"), `subjectAltName=${names}\n`);
    const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", DAYS];
    await openssl(
      "x509",
      "-req",
      "-in",
      "tls.csr",
      ...signing,
      "-extfile",
      "names.cnf",
      "-out",
      "tls.crt",
    );
    const [authority, certificate, key] = await Promise.all(
      ["ca.crt", "tls.crt", "tls.key"].map((name) => readFile(file(name), "utf8")),
    );
    return { authority: authority ?? "", certificate: certificate ?? "", key: key ?? "" };
  } finally {
    await rm(folder, { recursive: true });
  }
};
