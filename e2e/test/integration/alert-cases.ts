/** Labels as Prometheus has them after a scrape that honours those of the metric. */
const gateway = 'namespace="jatra",pod="api-gateway-1",service="booking",state="open"';
const queue = (name: string) => `rabbitmq_queue_messages{namespace="jatra",queue="${name}"}`;
const scaler = 'namespace="jatra",name="booking-service",pod="jatra-operator-1"';

export type AlertCase = {
  /** Samples a minute by series, as promtool writes them. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Alerts that fire then, and no others. */
  readonly firing: Readonly<Record<string, Fired>>;
};
export type Fired = {
  /** Beside the severity. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly severity?: string;
  readonly summary: string;
};

const NO_LEADER = {
  severity: "critical",
  summary:
    "No operator leads: platforms are left as they are. See the operator's log and the Lease jatra-operator.",
};

/** Each rule once as it must fire; and the same figures below the line, or elsewhere, where nothing may. */
export const CASES: Readonly<Record<string, AlertCase>> = {
  "the guide's three": {
    series: {
      [`jatra_hpa_current_replicas{${scaler}}`]: "15x30",
      [`jatra_hpa_max_replicas{${scaler}}`]: "15x30",
      [`circuit_breaker_state{${gateway}}`]: "1x30",
      [queue("payment.processing.queue")]: "101x30",
    },
    at: "20m",
    firing: {
      JatraAutoscalerAtMaximum: {
        labels: { namespace: "jatra", name: "booking-service", pod: "jatra-operator-1" },
        summary: "booking-service runs at its maximum: raise maxReplicas, or find what is slow.",
      },
      JatraCircuitOpen: {
        labels: { namespace: "jatra", pod: "api-gateway-1", service: "booking", state: "open" },
        summary: "The gateway's circuit for booking is open.",
      },
      JatraPaymentBacklog: {
        labels: { namespace: "jatra", queue: "payment.processing.queue" },
        summary: "More than 100 payments wait for a worker.",
      },
    },
  },
  "what never mends itself": {
    series: {
      [queue("payment.processing.dead-letter.queue")]: "1x30",
      'rabbitmq_consumers{namespace="jatra",queue="payment.processing.queue",pod="a"}': "0x30",
      'rabbitmq_consumers{namespace="jatra",queue="payment.processing.queue",pod="b"}': "0x30",
      'database_pool_connections{namespace="jatra",service="auth-service",state="waiting"}': "2x30",
      'outbox_oldest_pending_seconds{namespace="jatra",service="booking-service"}': "61x30",
    },
    at: "20m",
    firing: {
      JatraDeadLetters: {
        labels: { namespace: "jatra", queue: "payment.processing.dead-letter.queue" },
        summary:
          "payment.processing.dead-letter.queue holds messages that no consumer could handle.",
      },
      JatraQueueUnread: {
        labels: { queue: "payment.processing.queue" },
        summary: "Nobody reads payment.processing.queue.",
      },
      JatraDatabasePoolExhausted: {
        labels: { service: "auth-service" },
        summary:
          "auth-service waits for database connections: see SHOW POOLS on the pool's console.",
      },
      JatraOutboxStuck: {
        labels: { service: "booking-service" },
        summary:
          "Messages of booking-service wait for a minute: RabbitMQ is away, or takes one of them nowhere.",
      },
    },
  },
  "money and promises": {
    series: {
      'jatra_invariant_violations{namespace="jatra",invariant="I1",service="seats"}': "1x30",
      'payment_ledger_findings_open{namespace="jatra",service="payment-service"}': "1x30",
      'booking_payment_events_total{namespace="jatra",effect="mismatched",type="payment.captured"}':
        "1x30",
      'booking_refunds_failed{namespace="jatra",service="booking-service"}': "1x30",
    },
    at: "20m",
    firing: {
      JatraInvariantViolated: {
        labels: { invariant: "I1", service: "seats" },
        severity: "critical",
        summary: "I1 doesn't hold in seats: docs/proof.md says what it promises.",
      },
      JatraProviderContradicts: {
        labels: { service: "payment-service" },
        severity: "critical",
        summary: "The payment provider says what our books contradict: look into ledger_findings.",
      },
      JatraForeignPayment: {
        labels: { type: "payment.captured" },
        severity: "critical",
        summary:
          "payment.captured named a booking that it doesn't belong to; nothing was confirmed.",
      },
      JatraRefundFailed: {
        labels: { service: "booking-service" },
        severity: "critical",
        summary: "The provider refused a refund: a person has to pay it out.",
      },
    },
  },
  "an answer that contradicts, though the ledger doesn't": {
    series: {
      'payment_ledger_findings_open{namespace="jatra",service="payment-service"}': "0x30",
      'payment_discrepancies_total{namespace="jatra",service="payment-service",kind="amount"}':
        "1x30",
    },
    at: "20m",
    firing: {
      JatraProviderContradicts: {
        labels: { service: "payment-service" },
        severity: "critical",
        summary: "The payment provider says what our books contradict: look into ledger_findings.",
      },
    },
  },
  "work in the background": {
    series: {
      // The last success was in the first minute; time is counted from 0 here.
      'periodic_last_success_timestamp_seconds{namespace="jatra",service="payment-service",name="sweep"}':
        "60x40",
      'periodic_runs_total{namespace="jatra",service="payment-service",name="sweep",outcome="failed"}':
        "0+1x40",
    },
    at: "30m",
    firing: {
      JatraBackgroundWorkStands: {
        labels: { service: "payment-service", name: "sweep" },
        summary: "sweep of payment-service hasn't ended well for 20 minutes.",
      },
      JatraBackgroundWorkFails: {
        labels: { service: "payment-service", name: "sweep" },
        summary: "sweep of payment-service fails again and again.",
      },
    },
  },
  "nothing, below the lines and of another platform": {
    series: {
      [`jatra_hpa_current_replicas{${scaler}}`]: "14x30",
      [`jatra_hpa_max_replicas{${scaler}}`]: "15x30",
      [`circuit_breaker_state{${gateway}}`]: "0x30",
      [`circuit_breaker_state{${gateway.replace("jatra", "other")}}`]: "1x30",
      [queue("payment.processing.queue")]: "100x30",
      [queue("payment.processing.dead-letter.queue")]: "0x30",
      'rabbitmq_consumers{namespace="jatra",queue="payment.processing.queue",pod="a"}': "0x30",
      'rabbitmq_consumers{namespace="jatra",queue="payment.processing.queue",pod="b"}': "1x30",
      'rabbitmq_consumers{namespace="jatra",pod="rabbitmq-0"}': "0x30",
      'database_pool_connections{namespace="jatra",service="auth-service",state="waiting"}': "0x30",
      'outbox_oldest_pending_seconds{namespace="jatra",service="booking-service"}': "60x30",
      'jatra_invariant_violations{namespace="jatra",invariant="I1"}': "0x30",
      'payment_ledger_findings_open{namespace="jatra"}': "0x30",
      'booking_refunds_failed{namespace="jatra"}': "0x30",
      'payment_discrepancies_total{namespace="jatra",service="payment-service"}': "0x30",
      'booking_payment_events_total{namespace="jatra",effect="confirmed",type="payment.captured"}':
        "5x30",
      'periodic_last_success_timestamp_seconds{namespace="jatra",service="a",name="sweep"}':
        "700x30",
      'periodic_runs_total{namespace="jatra",service="a",name="sweep",outcome="failed"}': "5x30",
    },
    at: "30m",
    firing: {},
  },
};

export const OPERATOR_CASES: Readonly<Record<string, AlertCase>> = {
  "one leads": {
    series: {
      'leader_election_master_status{name="jatra-operator",pod="a"}': "1x30",
      'leader_election_master_status{name="jatra-operator",pod="b"}': "0x30",
    },
    at: "20m",
    firing: {},
  },
  "nobody leads": {
    series: { 'leader_election_master_status{name="jatra-operator",pod="a"}': "0x30" },
    at: "20m",
    firing: {
      JatraOperatorWithoutLeader: NO_LEADER,
    },
  },
  "nobody is there": {
    series: {},
    at: "20m",
    firing: {
      JatraOperatorWithoutLeader: { ...NO_LEADER, labels: { name: "jatra-operator" } },
    },
  },
  "two lead, and fail": {
    series: {
      'leader_election_master_status{name="jatra-operator",pod="a"}': "1x40",
      'leader_election_master_status{name="jatra-operator",pod="b"}': "1x40",
      'controller_runtime_reconcile_errors_total{controller="jatraplatform",pod="a"}': "0+1x40",
    },
    at: "40m",
    firing: {
      JatraOperatorWithTwoLeaders: {
        severity: "critical",
        summary: "More than one operator believes that it leads.",
      },
      JatraReconcileFails: {
        labels: { controller: "jatraplatform", pod: "a" },
        summary:
          "Reconciling a platform fails again and again: see the operator's log and the platforms' conditions.",
      },
    },
  },
};
