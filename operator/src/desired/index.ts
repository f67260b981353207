import { bootstrapJob } from "./bootstrap-job.ts";
import type { Context } from "./context.ts";
import { externalStores } from "./external-stores.ts";
import { generatedSecretChildren } from "./generated-secrets.ts";
import { horizontalPodAutoscalers } from "./horizontal-pod-autoscalers.ts";
import { ingress } from "./ingress.ts";
import type { Child } from "./manifest.ts";
import { migrationJobs } from "./migration-jobs.ts";
import { monitors } from "./monitors.ts";
import { networkPolicies } from "./network-policies.ts";
import { pgbouncer } from "./pgbouncer.ts";
import { withPinnedTemplates } from "./pinned-template.ts";
import { podDisruptionBudgets } from "./pod-disruption-budgets.ts";
import { postgres } from "./postgres.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { redis } from "./redis.ts";
import { serviceAccounts } from "./service-accounts.ts";
import { serviceDeployments } from "./service-deployments.ts";
import { serviceUrlsConfigMap } from "./service-urls-config-map.ts";
import { services } from "./services.ts";

/**
 * Every object of a platform, in the order it is applied: what pods refer to before the pods,
 * stores before services. Pure; the same context gives the same list.
 */
export function desired(context: Context): Child[] {
  const children = [
    serviceAccounts,
    generatedSecretChildren,
    externalStores,
    serviceUrlsConfigMap,
    networkPolicies,
    services,
    postgres,
    redis,
    rabbitmq,
    pgbouncer,
    bootstrapJob,
    migrationJobs,
    serviceDeployments,
    horizontalPodAutoscalers,
    podDisruptionBudgets,
    ingress,
    monitors,
  ].flatMap((build) => build(context));
  return withPinnedTemplates(context, children);
}
