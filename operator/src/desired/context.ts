import type { Templates } from "./workload-template.ts";
import type { Platform } from "./platform.ts";
import type { SecretValues } from "./secrets/secret-values.ts";

/** Everything a builder of children may know; nothing in it is fetched, drawn or timed. */
export interface Context {
  readonly platform: Platform;
  /** Contents of the generated Secrets, complete; of those that people gave, and of what is made out of them. */
  readonly secrets: SecretValues;
  /** Uid of PostgreSQL's volume; empty before there is one. A new volume needs its Jobs again. */
  readonly databaseVolume: string;
  /** Where the operator runs: it may reach the broker's management API. */
  readonly operatorNamespace: string;
  /** Kinds of the Prometheus operator that the cluster knows. */
  readonly monitoringKinds: ReadonlySet<string>;
  /** Pod templates of the revisions in place; a workload that isn't here gets today's. */
  readonly pins: Templates;
}
