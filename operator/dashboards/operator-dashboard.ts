import type { Dashboard } from "./panel.ts";

/** How the operator itself is doing, over all its platforms. */
export const operatorDashboard: Dashboard = {
  uid: "jatra-operator",
  title: "Jatra / operator",
  namespacesOf: undefined,
  rows: [
    {
      title: "Work",
      panels: [
        {
          title: "Reconciles",
          description: "Runs a second by result. Errors are tried again, ever more rarely.",
          queries: {
            "{{result}}":
              'sum by (result) (rate(controller_runtime_reconcile_total{controller="jatraplatform"}[5m]))',
          },
          unit: "reqps",
        },
        {
          title: "Time of a reconcile",
          description: "99 of 100 runs take no longer.",
          queries: {
            p99: 'histogram_quantile(0.99, sum by (le) (rate(controller_runtime_reconcile_time_seconds_bucket{controller="jatraplatform"}[5m])))',
          },
          unit: "s",
        },
        {
          title: "Platforms that wait",
          description: "Keys in the queue, and those that are tried again.",
          queries: {
            waiting: 'sum(workqueue_depth{name="jatraplatform"})',
            retries: 'sum(rate(workqueue_retries_total{name="jatraplatform"}[5m]))',
          },
          unit: "short",
        },
      ],
    },
    {
      title: "API server",
      panels: [
        {
          title: "Calls",
          description: "By status code; 0 is no answer.",
          queries: { "{{code}}": "sum by (code) (rate(rest_client_requests_total[5m]))" },
          unit: "reqps",
        },
        {
          title: "Writes",
          description: "By what is written. None while nothing changes, the Lease apart.",
          queries: { "{{resource}}": "sum by (resource) (rate(jatra_api_writes_total[5m]))" },
          unit: "reqps",
        },
      ],
    },
    {
      title: "Process",
      panels: [
        {
          title: "Leader",
          description: "Exactly one pod has 1.",
          queries: { "{{pod}}": "leader_election_master_status" },
          unit: "short",
          max: 1,
        },
        {
          title: "Memory",
          description: "Resident, by pod.",
          queries: { "{{pod}}": 'process_resident_memory_bytes{service="jatra-operator"}' },
          unit: "bytes",
        },
      ],
    },
  ],
};
