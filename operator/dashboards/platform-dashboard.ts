import type { Dashboard } from "./panel.ts";

const IN = 'namespace="$namespace"';
const rate = (metric: string, more = "") => `rate(${metric}{${IN}${more}}[5m])`;
const quantile = (share: number, metric: string, by: string) =>
  `histogram_quantile(${share}, sum by (le, ${by}) (${rate(`${metric}_bucket`)}))`;

/** The guide's five dashboards and six key metrics, one row each, and what a sale looks like from outside. */
export const platformDashboard: Dashboard = {
  uid: "jatra-platform",
  title: "Jatra / platform",
  namespacesOf: "jatra_hpa_max_replicas",
  rows: [
    {
      title: "Gateway",
      panels: [
        {
          title: "Requests",
          description: "By status. 5xx that stay are an outage of what stands behind.",
          queries: {
            "{{status}}": `sum by (status) (${rate("http_request_duration_seconds_count", ',service="api-gateway"')})`,
          },
          unit: "reqps",
        },
        {
          title: "Time of an answer",
          description: "99 of 100 requests are answered within this, by service.",
          queries: { "{{service}}": quantile(0.99, "http_request_duration_seconds", "service") },
          unit: "s",
        },
        {
          title: "Requests over a limit",
          description: "Answered 429, by the limit's name.",
          queries: { "{{policy}}": `sum by (policy) (${rate("gateway_rate_limited_total")})` },
          unit: "reqps",
        },
      ],
    },
    {
      title: "Service replica count (HPA)",
      panels: [
        {
          title: "Replicas",
          description: "As the autoscalers see them.",
          queries: { "{{name}}": `jatra_hpa_current_replicas{${IN}}` },
          unit: "short",
        },
        {
          title: "Share of the maximum",
          description: "At 100 % a service can't grow: raise maxReplicas, or find what is slow.",
          queries: {
            "{{name}}": `jatra_hpa_current_replicas{${IN}} / jatra_hpa_max_replicas{${IN}}`,
          },
          unit: "percentunit",
          max: 1,
        },
        {
          title: "Scale events",
          description:
            "Changes of the count within ten minutes. Many up and down: the load swings faster than pods start.",
          queries: { "{{name}}": `changes(jatra_hpa_current_replicas{${IN}}[10m])` },
          unit: "short",
        },
      ],
    },
    {
      title: "Database connection pool",
      panels: [
        {
          title: "Pool in use",
          description:
            "Share of the connections to PgBouncer that are at work, over all pods of a service.",
          queries: {
            "{{service}}": `sum by (service) (database_pool_connections{${IN},state="busy"}) / sum by (service) (database_pool_connections_max{${IN}})`,
          },
          unit: "percentunit",
          max: 1,
        },
        {
          title: "Waiting for a connection",
          description: "Above 0 for long: the database is slow, or the pool too small.",
          queries: {
            "{{service}}": `sum by (service) (database_pool_connections{${IN},state="waiting"})`,
          },
          unit: "short",
        },
      ],
    },
    {
      title: "Circuit breaker status per service",
      panels: [
        {
          title: "Open circuits",
          description: "Gateway pods whose circuit to a service is open, or lets a probe through.",
          queries: {
            "{{service}} open": `sum by (service) (circuit_breaker_state{${IN},state="open"})`,
            "{{service}} half open": `sum by (service) (circuit_breaker_state{${IN},state="half_open"})`,
          },
          unit: "short",
        },
        {
          title: "State changes",
          description: "By service and new state, within ten minutes.",
          queries: {
            "{{service}} → {{to}}": `sum by (service, to) (increase(circuit_breaker_transitions_total{${IN}}[10m]))`,
          },
          unit: "short",
        },
        {
          title: "Refused without asking",
          description: "Requests answered 503 because a circuit was open.",
          queries: {
            "{{service}}": `sum by (service) (${rate("circuit_breaker_rejections_total")})`,
          },
          unit: "reqps",
        },
      ],
    },
    {
      title: "Payment processing",
      panels: [
        {
          title: "Payment processing latency",
          description:
            "From the recorded intent to the end of the payment; half of them, and 95 of 100.",
          queries: {
            "{{outcome}} p50": quantile(0.5, "payment_processing_seconds", "outcome"),
            "{{outcome}} p95": quantile(0.95, "payment_processing_seconds", "outcome"),
          },
          unit: "s",
        },
        {
          title: "Queue depth",
          description:
            "Messages that wait, dead letters too. Of an embedded RabbitMQ only: an external one is watched where it is kept.",
          queries: { "{{queue}}": `max by (queue) (rabbitmq_queue_messages{${IN}}) > 0` },
          unit: "short",
        },
        {
          title: "Oldest unpublished message",
          description:
            "Seconds since a committed message should have left. Grows while RabbitMQ is away.",
          queries: { "{{service}}": `max by (service) (outbox_oldest_pending_seconds{${IN}})` },
          unit: "s",
        },
      ],
    },
    {
      title: "Seat lock success and failure, idempotency",
      panels: [
        {
          title: "Seat holds",
          description:
            "By outcome. Refusals are two people wanting one seat; what grows by itself is Redis failing.",
          queries: {
            "{{outcome}}": `sum by (outcome) (${rate("seat_holds_total")})`,
            "Redis failed": `sum(${rate("seat_redis_failures_total")})`,
          },
          unit: "reqps",
        },
        {
          title: "Idempotency cache hit rate",
          description:
            "Share of looks that found an earlier answer. High: clients repeat themselves.",
          queries: {
            "{{service}}": `sum by (service) (${rate("idempotency_cache_reads_total", ',result="hit"')}) / sum by (service) (${rate("idempotency_cache_reads_total")})`,
          },
          unit: "percentunit",
          max: 1,
        },
        {
          title: "Requests with a key",
          description: "By what became of them.",
          queries: { "{{outcome}}": `sum by (outcome) (${rate("idempotency_requests_total")})` },
          unit: "reqps",
        },
      ],
    },
  ],
};
