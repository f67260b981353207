import { topology } from "../../../desired/rabbitmq/topology.ts";
import { found, type Ailment, type Check, type Evidence, type QueueState } from "../evidence.ts";

/** Fewer are a moment's work for one consumer. */
const STANDING_MIN = 20;
const DEAD_LETTERS = ".dead-letter.queue";
/** Where messages wait for their next try by design: nobody consumes there. */
const RETRIES = /\.retry-\d+s\.queue$/;

/** Queues that are missing, that nobody consumes, that stand still, or that hold the dead. */
export const queueStuck: Check = {
  name: "queues",
  examine: (evidence) => {
    const { queues } = evidence;
    if ("obstacle" in queues) return queues;
    const byName = new Map(queues.found.map((queue) => [queue.name, queue]));
    return found(
      topology().queues.flatMap(({ name }) => {
        const queue = byName.get(name);
        if (queue === undefined) return [missing(name)];
        if (name.endsWith(DEAD_LETTERS)) return deadLetters(queue);
        return RETRIES.test(name) ? [] : consumed(evidence, queue);
      }),
    );
  },
};

function missing(name: string): Ailment {
  return {
    severity: "problem",
    what: `${name} isn't there.`,
    todo: ["The operator declares it within 15 s; if not, see condition MessagingReady."],
  };
}

function deadLetters({ name, ready }: QueueState): Ailment[] {
  if (ready === 0) return [];
  const todo = name.startsWith("payment.processing")
    ? ["jatractl requeue BOOKING_ID for each booking that is still to be paid"]
    : ["See the consumer's log for why, then move them back in RabbitMQ's management page."];
  return [
    { severity: "warning", what: `${name} holds ${ready} messages that were given up.`, todo },
  ];
}

function consumed({ platform }: Evidence, queue: QueueState): Ailment[] {
  const app = consumerOf(queue.name);
  const logs = `kubectl logs -n ${platform.namespace} -l app=${app} --tail=100`;
  const restart = `kubectl rollout restart deployment/${app} -n ${platform.namespace}`;
  if (queue.consumers === 0) {
    const what = `${queue.name} has no consumer; ${queue.ready} messages wait.`;
    return [{ severity: "problem", what, todo: [logs, restart] }];
  }
  if (queue.ready < STANDING_MIN || queue.acknowledgedPerSecond > 0) return [];
  const what =
    `${queue.name} stands still: ${queue.ready} wait, ${queue.unacknowledged} are with ` +
    `${queue.consumers} consumers, none was acknowledged in the last seconds.`;
  return [{ severity: "problem", what, todo: [logs, restart] }];
}

/** The queue's first word is its consumer's, but the worker of payments is booking's. */
function consumerOf(queue: string): string {
  const [first = ""] = queue.split(".");
  if (queue === "payment.processing.queue") return "booking-service";
  return first === "seat" ? "seat-reservation-service" : `${first}-service`;
}
