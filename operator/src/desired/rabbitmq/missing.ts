import { stableJson } from "../content-hash.ts";
import type { Binding, Exchange, Policy, Queue, Topology } from "./topology.ts";

/** What a broker has, as its management API tells. */
export interface BrokerState {
  readonly exchanges: readonly { readonly name: string; readonly type: string }[];
  readonly queues: readonly { readonly name: string; readonly type: string }[];
  readonly bindings: readonly Binding[];
  readonly policies: readonly {
    readonly name: string;
    readonly pattern: string;
    readonly applyTo: string;
    readonly definition: Readonly<Record<string, unknown>>;
  }[];
}

export interface Missing {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
  readonly policies: readonly Policy[];
  /** What can't be mended without losing messages, in words for a person. */
  readonly problems: readonly string[];
}

/** The difference between what should be declared and what is. Pure. */
export function missing(wanted: Topology, state: BrokerState): Missing {
  const exchanges = new Map(state.exchanges.map((exchange) => [exchange.name, exchange.type]));
  const queues = new Map(state.queues.map((queue) => [queue.name, queue.type]));
  const bindings = new Set(state.bindings.map(stableJson));
  const policies = new Set(state.policies.map(stableJson));
  return {
    exchanges: wanted.exchanges.filter(({ name }) => !exchanges.has(name)),
    queues: wanted.queues.filter(({ name }) => !queues.has(name)),
    bindings: wanted.bindings.filter((binding) => !bindings.has(stableJson(binding))),
    policies: wanted.policies.filter((policy) => !policies.has(stableJson(policy))),
    problems: [
      ...wanted.exchanges.flatMap(({ name, type }) =>
        exchangeProblem(name, type, exchanges.get(name)),
      ),
      ...wanted.queues.flatMap(({ name }) => queueProblem(name, queues.get(name))),
    ],
  };
}

function exchangeProblem(name: string, wanted: string, found: string | undefined): string[] {
  if (found === undefined || found === wanted) return [];
  return [`Exchange ${name} is of type ${found}, not ${wanted}: delete it, it will be made again.`];
}

function queueProblem(name: string, found: string | undefined): string[] {
  if (found === undefined || found === "quorum") return [];
  return [
    `Queue ${name} is of type ${found}, not quorum: move its messages away and delete it, ` +
      "it will be made again.",
  ];
}
