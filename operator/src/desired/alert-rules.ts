import type { Platform } from "./platform.ts";

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Alerts on what a person has to look at; the guide's three, on metrics that exist here. */
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
  ];
}

function rule(alert: string, expr: string, duration: string, summary: string): AlertRule {
  return { alert, expr, for: duration, labels: { severity: "warning" }, annotations: { summary } };
}
