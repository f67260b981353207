import type { Dashboard, Panel } from "./panel.ts";

/** Grafana's grid is 24 wide; a title is one high. */
const WIDTH = 24;
const HEIGHT = 8;
/** The model's version as Grafana 10 writes it; newer ones read it and bring it up to theirs. */
const SCHEMA_VERSION = 38;
const SOURCE = { type: "prometheus", uid: "${datasource}" };

/** A dashboard in Grafana's own JSON, to be imported or found by its sidecar. Pure. */
export function grafanaModel({ uid, title, namespacesOf, rows }: Dashboard): object {
  const panels: object[] = [];
  let top = 0;
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: "row",
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: WIDTH, h: 1 },
      panels: [],
    });
    const width = WIDTH / row.panels.length;
    for (const [index, panel] of row.panels.entries()) {
      const gridPos = { x: index * width, y: top + 1, w: width, h: HEIGHT };
      panels.push({ id: panels.length + 1, gridPos, ...timeSeries(panel) });
    }
    top += 1 + HEIGHT;
  }
  return {
    uid,
    title,
    tags: ["jatra"],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    refresh: "30s",
    time: { from: "now-1h", to: "now" },
    templating: { list: variables(namespacesOf) },
    panels,
  };
}

function timeSeries({ title, description, queries, unit, max }: Panel): object {
  return {
    type: "timeseries",
    title,
    description,
    datasource: SOURCE,
    fieldConfig: { defaults: { unit, min: 0, ...(max !== undefined && { max }) }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: `Q${index + 1}`,
      datasource: SOURCE,
      expr,
      legendFormat,
    })),
  };
}

function variables(namespacesOf: string | undefined): object[] {
  const source = {
    name: "datasource",
    label: "Prometheus",
    type: "datasource",
    query: "prometheus",
  };
  if (namespacesOf === undefined) return [source];
  const query = `label_values(${namespacesOf}, namespace)`;
  const namespace = { name: "namespace", label: "Namespace", type: "query", refresh: 2, sort: 1 };
  return [source, { ...namespace, datasource: SOURCE, query }];
}
