import assert from "node:assert/strict";
import { z } from "zod";
import { desired } from "../../../src/desired/index.ts";
import { contextWith, sampleSpec } from "../../support/platform-fixture.ts";

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z
          .object({
            secretKeyRef: z
              .object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) })
              .optional(),
          })
          .optional(),
      }),
    )
    .default([]),
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ cpu: z.string(), memory: z.string() }),
  }),
  securityContext: z.record(z.string(), z.unknown()),
  startupProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  livenessProbe: z.unknown().optional(),
});
const workload = z.object({
  spec: z.object({
    replicas: z.int().optional(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }).optional(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        automountServiceAccountToken: z.boolean(),
        securityContext: z.record(z.string(), z.unknown()),
        containers: z.array(container),
      }),
    }),
  }),
});

const WORKLOADS = new Set(["Deployment", "StatefulSet", "Job"]);

for (const sample of ["minimal", "laptop", "production"]) {
  describe(`pods of ${sample}`, () => {
    const context = contextWith(sampleSpec(sample));
    const children = desired(context);
    const pods = children
      .filter(({ manifest }) => WORKLOADS.has(manifest.kind))
      .map(({ manifest }) => ({ manifest, ...workload.parse(manifest) }));

    it("are restricted: no root, no privilege, nothing writable but volumes", () => {
      for (const { spec } of pods) {
        assert.equal(spec.template.spec.securityContext["runAsNonRoot"], true);
        assert.equal(spec.template.spec.automountServiceAccountToken, false);
        for (const { securityContext } of spec.template.spec.containers) {
          assert.deepEqual(securityContext, {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            privileged: false,
            readOnlyRootFilesystem: true,
          });
        }
      }
    });

    it("have three probes each, but for Jobs", () => {
      for (const { manifest, spec } of pods) {
        if (manifest.kind === "Job") continue;
        for (const { name, startupProbe, readinessProbe, livenessProbe } of spec.template.spec
          .containers) {
          assert.ok(startupProbe && readinessProbe && livenessProbe, name);
        }
      }
    });

    it("carry no credential outside a Secret", () => {
      const secrets = [...context.secrets.values()].flatMap((values) =>
        Object.entries(values)
          .filter(([key]) => key !== "username" && key !== "email")
          .map(([, value]) => value),
      );
      const text = children
        .filter(({ manifest }) => manifest.kind !== "Secret")
        .map(({ manifest }) => JSON.stringify(manifest))
        .join("\n");
      for (const secret of secrets) assert.equal(text.includes(secret), false);
    });

    it("refer only to keys of Secrets that are made, or that the resource names", () => {
      for (const { spec } of pods) {
        for (const { env } of spec.template.spec.containers) {
          for (const { valueFrom } of env) {
            const reference = valueFrom?.secretKeyRef;
            if (reference === undefined || !context.secrets.has(reference.name)) continue;
            // Only there while a login is rotated, or once a key of tickets was.
            const isLater = /^(next|previous)-|^further-keys$/.test(reference.key);
            if (reference.optional && isLater) continue;
            const values = context.secrets.get(reference.name);
            assert.ok(reference.key in (values ?? {}), `${reference.name}/${reference.key}`);
          }
        }
      }
    });

    it("define a variable before a URL uses it", () => {
      for (const { spec } of pods) {
        for (const { env } of spec.template.spec.containers) {
          const defined = new Set<string>();
          for (const { name, value } of env) {
            for (const [, used] of (value ?? "").matchAll(/\$\(([A-Z_]+)\)/g)) {
              assert.ok(defined.has(used ?? ""), `${name} uses ${used ?? ""}`);
            }
            defined.add(name);
          }
        }
      }
    });

    it("aren't reached by a Service that isn't theirs: Jobs have another label", () => {
      const apps = new Set(
        pods
          .filter(({ manifest }) => manifest.kind !== "Job")
          .map(({ spec }) => spec.template.metadata.labels["app"]),
      );
      for (const { manifest, spec } of pods) {
        if (manifest.kind !== "Job") continue;
        assert.equal(apps.has(spec.template.metadata.labels["app"]), false);
      }
    });
  });
}

describe("Deployments under an HPA", () => {
  it("leave their replicas out, and say with how many to be made", () => {
    const scaled = desired(contextWith()).filter(
      ({ manifest, replicasAtCreation }) =>
        manifest.kind === "Deployment" && replicasAtCreation !== undefined,
    );
    assert.equal(scaled.length, 12);
    for (const { manifest } of scaled) {
      assert.equal(workload.parse(manifest).spec.replicas, undefined);
    }
  });

  it("get their replicas back when autoscaling is switched off", () => {
    const services = { booking: { autoscaling: { enabled: false }, replicas: 4 } };
    const children = desired(contextWith({ services }));
    const booking = children.find(
      ({ manifest }) =>
        manifest.kind === "Deployment" && manifest.metadata.name === "booking-service",
    );
    assert.equal(workload.parse(booking?.manifest).spec.replicas, 4);
    assert.equal(booking?.replicasAtCreation, undefined);
    const scalers = children.filter(({ manifest }) => manifest.kind === "HorizontalPodAutoscaler");
    assert.equal(scalers.length, 11);
  });
});

describe("configuration hashes", () => {
  const hashOf = (name: string, spec: object, seed: number) => {
    const { platform, secrets } = contextWith(spec);
    void platform;
    const context = contextWith(spec, { secrets: seed === 7 ? secrets : rotated(secrets) });
    const found = desired(context).find(
      ({ manifest }) => manifest.kind === "Deployment" && manifest.metadata.name === name,
    );
    const annotations = z
      .object({
        spec: z.object({
          template: z.object({
            metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
          }),
        }),
      })
      .parse(found?.manifest).spec.template.metadata.annotations;
    return annotations["jatra.dev/config-hash"];
  };
  const rotated = (secrets: ReadonlyMap<string, Readonly<Record<string, string>>>) =>
    new Map(
      [...secrets].map(([name, values]) => [
        name,
        name === "redis-credentials" ? { password: "another" } : values,
      ]),
    );

  it("change with a password the process reads at its start", () => {
    assert.notEqual(hashOf("booking-service", {}, 7), hashOf("booking-service", {}, 8));
  });

  it("stay where the process doesn't read it", () => {
    assert.equal(hashOf("ticket-service", {}, 7), hashOf("ticket-service", {}, 8));
  });

  it("stay for PgBouncer when only its files change: it reads them again by itself", () => {
    const more = { pgbouncer: { maxClientConnections: 2000 } };
    assert.equal(hashOf("pgbouncer", {}, 7), hashOf("pgbouncer", more, 7));
  });
});
