/** A picture of one question, as Grafana draws it. */
export interface Panel {
  readonly title: string;
  /** What a person should see in it, and when to worry. */
  readonly description: string;
  /** PromQL by legend; `$namespace` is the platform's. */
  readonly queries: Readonly<Record<string, string>>;
  readonly unit: "short" | "percentunit" | "s" | "reqps" | "bytes";
  /** Upper end of the axis, where there is a natural one. */
  readonly max?: number;
}

export interface Dashboard {
  /** Stays the same over versions: links to a dashboard carry it. */
  readonly uid: string;
  readonly title: string;
  /** The metric whose label `namespace` lists what can be looked at; undefined: there is nothing to choose. */
  readonly namespacesOf: string | undefined;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}
