import type { Platform } from "./platform.ts";

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Alerts on what a person has to look at: the guide's three, and what never mends itself. */
export function alertRules(platform: Platform): AlertRule[] {
  const namespace = `namespace="${platform.namespace}"`;
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
    rule(
      "JatraQueueUnread",
      // RabbitMQ itself has a metric of that name, which knows no queue.
      `sum by (queue) (rabbitmq_consumers{${namespace},queue!=""}) == 0`,
      "5m",
      "Nobody reads {{ $labels.queue }}, though its consumers' pods live.",
    ),
    rule(
      "JatraDatabasePoolExhausted",
      `sum by (service) (database_pool_connections{${namespace},state="waiting"}) > 0`,
      "5m",
      "{{ $labels.service }} waits for database connections: see SHOW POOLS on the pool's console.",
    ),
    rule(
      "JatraOutboxStuck",
      `max by (service) (outbox_oldest_pending_seconds{${namespace}}) > 60`,
      "5m",
      "A message of {{ $labels.service }} is committed and doesn't get to RabbitMQ.",
    ),
    ...forPeople(namespace),
  ];
}

/** What no program may decide: money, and what must never be. */
function forPeople(namespace: string): AlertRule[] {
  return [
    rule(
      "JatraInvariantViolated",
      `max by (invariant) (jatra_invariant_violations{${namespace}}) > 0`,
      "1m",
      "{{ $labels.invariant }} is violated: what must never be was found in the books.",
    ),
    rule(
      "JatraLedgerUnexplained",
      `max(payment_ledger_findings_open{${namespace}}) > 0`,
      "15m",
      "The provider's ledger has entries that our books can't explain.",
    ),
    rule(
      "JatraRefundFailed",
      `max(booking_refunds_failed{${namespace}}) > 0`,
      "5m",
      "Refunds were given up: a person must pay them out.",
    ),
  ];
}

function rule(alert: string, expr: string, duration: string, summary: string): AlertRule {
  return { alert, expr, for: duration, labels: { severity: "warning" }, annotations: { summary } };
}
