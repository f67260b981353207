import type { Channel, ConsumeMessage } from "amqplib";

export type Acknowledger = {
  /** To be called with each delivery, in their order. */
  readonly delivered: (delivery: ConsumeMessage) => void;
  /** Acknowledges, with others that are through at about the same time. */
  readonly ack: (delivery: ConsumeMessage) => void;
  readonly deadLetter: (delivery: ConsumeMessage) => void;
  /** Back to the queue, for another consumer. */
  readonly giveBack: (delivery: ConsumeMessage) => void;
  /** Sends what is to be acknowledged now; before the channel is closed. */
  readonly flush: () => void;
};

/**
 * Acknowledges many deliveries with one frame, which a quorum queue writes down as one entry of its log. `multiple` names all
 * deliveries up to a tag, so it is used up to the first one that is still being handled; those beyond it go one by one and don't
 * wait, since whoever keeps them back would stop the consumer at its prefetch.
 */
export const createAcknowledger = (
  channel: Pick<Channel, "ack" | "nack" | "reject">,
  onError: (error: unknown) => void,
): Acknowledger => {
  // Tags only grow, so the set is in their order.
  const open = new Set<number>();
  let done = new Map<number, ConsumeMessage>();

  const flush = (): void => {
    const handled = done;
    done = new Map();
    try {
      const last = lastOfPrefix(open, handled);
      if (last) channel.ack(last, true);
      for (const [tag, delivery] of handled) {
        if (!last || tag > last.fields.deliveryTag) channel.ack(delivery);
        open.delete(tag);
      }
    } catch (error) {
      onError(error);
    }
  };

  return {
    delivered: ({ fields }) => open.add(fields.deliveryTag),
    ack: (delivery) => {
      if (done.size === 0) setImmediate(flush);
      done.set(delivery.fields.deliveryTag, delivery);
    },
    deadLetter: (delivery) => {
      channel.reject(delivery, false);
      open.delete(delivery.fields.deliveryTag);
    },
    giveBack: (delivery) => {
      channel.nack(delivery, false, true);
      open.delete(delivery.fields.deliveryTag);
    },
    flush,
  };
};

const lastOfPrefix = (
  open: ReadonlySet<number>,
  handled: ReadonlyMap<number, ConsumeMessage>,
): ConsumeMessage | undefined => {
  let last: ConsumeMessage | undefined;
  for (const tag of open) {
    const delivery = handled.get(tag);
    if (!delivery) return last;
    last = delivery;
  }
  return last;
};
