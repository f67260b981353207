import type { V1Deployment } from "@kubernetes/client-node";
import { SERVICE_URLS_CONFIG_MAP } from "../metadata/names.ts";
import { selectorOf } from "../metadata/labels.ts";
import { environmentHash } from "./config-hash.ts";
import { SERVICE_SURGE } from "./connection-budget.ts";
import type { Context } from "./context.ts";
import { nodeAuthorities } from "./external-stores.ts";
import { child, type Child } from "./manifest.ts";
import { componentOf, metadataOf } from "./metadata-of.ts";
import { afterMigration } from "./migration-jobs.ts";
import type { PlatformService } from "./platform.ts";
import { podTemplate, spreadOver } from "./pod-template.ts";
import { SERVICE_UID } from "./pod-security.ts";
import { serviceEnvironment } from "./service-environment.ts";
import { serviceUrls } from "./service-urls.ts";
import type { Container, Probe } from "./kubernetes-types.ts";

/** Seconds an ending pod keeps serving, until every kube-proxy has taken it out of its Service. */
const DRAIN_SECONDS = 5;
/** Longest request is the payment call (30 s with its retries); then the process closes pools. */
const GRACE_PERIOD_SECONDS = 45;

/** The Deployments of the gateway, the services and the provider simulator. */
export function serviceDeployments(context: Context): Child[] {
  return context.platform.services.map((service) =>
    child(context.platform, deployment(context, service), {
      after: afterMigration(context, service),
      replicasAtCreation: service.autoscaling === undefined ? undefined : service.replicas,
    }),
  );
}

function deployment(context: Context, service: PlatformService) {
  const { platform } = context;
  const { facts, settings } = service;
  const container = serviceContainer(context, service);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(platform, facts.name, facts.name, componentOf(facts.key)),
    spec: {
      // Left out under an HPA: see Child.replicasAtCreation.
      ...(service.autoscaling === undefined && { replicas: service.replicas }),
      revisionHistoryLimit: 5,
      // Two cores starting thirty pods take minutes; longer is a pod that can't start.
      progressDeadlineSeconds: 600,
      selector: { matchLabels: selectorOf(platform.name, facts.name) },
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: SERVICE_SURGE, maxUnavailable: 0 },
      },
      template: podTemplate(platform, {
        app: facts.name,
        component: componentOf(facts.key),
        uid: SERVICE_UID,
        serviceAccount: facts.name,
        container,
        configHash: environmentHash(container, context.secrets, {
          [SERVICE_URLS_CONFIG_MAP]: serviceUrls(platform),
        }),
        gracePeriodSeconds: GRACE_PERIOD_SECONDS,
        writableRoot: settings.development === true,
        spec: {
          topologySpreadConstraints: spreadOver(platform, facts.name),
          volumes: [
            { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
            ...nodeAuthorities(platform).volumes,
          ],
          ...(settings.nodeSelector !== undefined && { nodeSelector: settings.nodeSelector }),
          ...(settings.tolerations !== undefined && {
            tolerations: settings.tolerations.map((toleration) => defined(toleration)),
          }),
          ...(settings.priorityClassName !== undefined && {
            priorityClassName: settings.priorityClassName,
          }),
        },
      }),
    },
  } satisfies V1Deployment;
}

function serviceContainer(context: Context, service: PlatformService): Container {
  return {
    name: service.facts.name,
    image: service.image,
    // Node starts the process again when a file that it imported changes.
    ...(service.settings.development === true && { command: ["node", "--watch", "src/main.ts"] }),
    env: serviceEnvironment(context.platform, service),
    envFrom: [{ configMapRef: { name: SERVICE_URLS_CONFIG_MAP } }],
    ports: [{ name: "http", containerPort: service.facts.port, protocol: "TCP" }],
    resources: { requests: service.resources.requests, limits: service.resources.limits },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...nodeAuthorities(context.platform).volumeMounts,
    ],
    lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
    // Two minutes to start: on two cores thirty Node processes start at once.
    startupProbe: httpProbe("/health/live", { periodSeconds: 2, failureThreshold: 60 }),
    readinessProbe: httpProbe("/health/ready", { periodSeconds: 5, failureThreshold: 3 }),
    // Only a process that hangs for a minute is restarted; a busy one is left to work.
    livenessProbe: httpProbe("/health/live", { periodSeconds: 10, failureThreshold: 6 }),
  };
}

function httpProbe(path: string, timing: Pick<Probe, "periodSeconds" | "failureThreshold">) {
  return {
    httpGet: { path, port: "http", scheme: "HTTP" },
    timeoutSeconds: 5,
    successThreshold: 1,
    ...timing,
  } satisfies Probe;
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function defined<T extends object>(value: T): Defined<T>;
function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
