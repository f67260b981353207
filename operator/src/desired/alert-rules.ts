import type { Platform } from "./platform.ts";

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Alerts on what a person has to look at: the guide's three, on metrics that exist here, and what never mends itself. */
export function alertRules(platform: Platform): AlertRule[] {
  const namespace = `namespace="${platform.namespace}"`;
  return [...capacityRules(namespace), ...messageRules(namespace), ...moneyRules(namespace)];
}

function capacityRules(namespace: string): AlertRule[] {
  return [
    rule(
      "JatraAutoscalerAtMaximum",
      `jatra_hpa_current_replicas{${namespace}} >= jatra_hpa_max_replicas{${namespace}}`,
      "10m",
      "{{ $labels.name }} runs at its maximum: raise maxReplicas, or find what is slow.",
    ),
    rule(
      "JatraCircuitOpen",
      `circuit_breaker_state{${namespace},state="open"} == 1`,
      "1m",
      "The gateway's circuit for {{ $labels.service }} is open.",
    ),
    rule(
      "JatraDatabasePoolExhausted",
      `sum by (service) (database_pool_connections{${namespace},state="waiting"}) > 0`,
      "5m",
      "{{ $labels.service }} waits for database connections: see SHOW POOLS on the pool's console.",
    ),
    // Minutes above the rarest of them (ten); a name without any success has none to show, so its failures alert.
    rule(
      "JatraBackgroundWorkStands",
      `max by (service, name) (periodic_last_success_timestamp_seconds{${namespace}}) < time() - 1200`,
      "1m",
      "{{ $labels.name }} of {{ $labels.service }} hasn't ended well for 20 minutes.",
    ),
    rule(
      "JatraBackgroundWorkFails",
      `sum by (service, name) (increase(periodic_runs_total{${namespace},outcome="failed"}[10m])) > 5`,
      "5m",
      "{{ $labels.name }} of {{ $labels.service }} fails again and again.",
    ),
  ];
}

function messageRules(namespace: string): AlertRule[] {
  return [
    rule(
      "JatraPaymentBacklog",
      `rabbitmq_queue_messages{${namespace},queue="payment.processing.queue"} > 100`,
      "5m",
      "More than 100 payments wait for a worker.",
    ),
    rule(
      "JatraDeadLetters",
      `rabbitmq_queue_messages{${namespace},queue=~".*dead-letter.queue"} > 0`,
      "5m",
      "{{ $labels.queue }} holds messages that no consumer could handle.",
    ),
    // A pod whose consumer was cancelled looks alive in every other way. The broker has a metric of that name without queues.
    rule(
      "JatraQueueUnread",
      `sum by (queue) (rabbitmq_consumers{${namespace},queue!=""}) == 0`,
      "1m",
      "Nobody reads {{ $labels.queue }}.",
    ),
    rule(
      "JatraOutboxStuck",
      `max by (service) (outbox_oldest_pending_seconds{${namespace}}) > 60`,
      "1m",
      "Messages of {{ $labels.service }} wait for a minute: RabbitMQ is away, or takes one of them nowhere.",
    ),
  ];
}

function moneyRules(namespace: string): AlertRule[] {
  return [
    critical(
      "JatraInvariantViolated",
      `max by (invariant, service) (jatra_invariant_violations{${namespace}}) > 0`,
      "0m",
      "{{ $labels.invariant }} doesn't hold in {{ $labels.service }}: docs/proof.md says what it promises.",
    ),
    critical(
      "JatraProviderContradicts",
      `max by (service) (payment_ledger_findings_open{${namespace}}) > 0 or sum by (service) (payment_discrepancies_total{${namespace}}) > 0`,
      "0m",
      "The payment provider says what our books contradict: look into ledger_findings.",
    ),
    critical(
      "JatraForeignPayment",
      `sum by (type) (booking_payment_events_total{${namespace},effect="mismatched"}) > 0`,
      "0m",
      "{{ $labels.type }} named a booking that it doesn't belong to; nothing was confirmed.",
    ),
    critical(
      "JatraRefundFailed",
      `max by (service) (booking_refunds_failed{${namespace}}) > 0`,
      "0m",
      "The provider refused a refund: a person has to pay it out.",
    ),
  ];
}

function rule(alert: string, expr: string, duration: string, summary: string): AlertRule {
  return { alert, expr, for: duration, labels: { severity: "warning" }, annotations: { summary } };
}

function critical(...of: Parameters<typeof rule>): AlertRule {
  return { ...rule(...of), labels: { severity: "critical" } };
}
