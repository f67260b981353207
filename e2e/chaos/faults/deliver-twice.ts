import { exchanges } from "@jatra/contracts/topology.ts";
import { connect, type ConsumeMessage } from "amqplib";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import { someMs } from "./pause.ts";

const COPY_HEADER = "x-prove-copy";
/** Some copies come at once, some after what they announce is long over: repeated and out of order. */
const DELAY_MS = { min: 0, max: 4_000 } as const;

/** A tap on every exchange sends each message once more, under its own id, at some later moment. */
export const deliverTwice: Fault = {
  name: "every message delivered twice, the second time out of order",
  inject: async ({ vhost }, signal) => {
    const connection = await connect(vhost.url);
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue("", { exclusive: true });
    for (const exchange of exchanges) await channel.bindQueue(queue, exchange, "#");
    const copies: Promise<void>[] = [];
    const copy = async (message: ConsumeMessage): Promise<void> => {
      await delay(someMs(DELAY_MS.min, DELAY_MS.max));
      const { exchange, routingKey } = message.fields;
      const headers = { ...message.properties.headers, [COPY_HEADER]: true };
      channel.publish(exchange, routingKey, message.content, { ...message.properties, headers });
    };
    const { consumerTag } = await channel.consume(
      queue,
      (message) => {
        if (message && !message.properties.headers?.[COPY_HEADER]) copies.push(copy(message));
      },
      { noAck: true },
    );
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    }
    // No more from here on: a copy that falls due after the channel has closed would end the whole run.
    await channel.cancel(consumerTag);
    await Promise.all(copies);
    await channel.waitForConfirms();
    await connection.close();
    return copies.length;
  },
};
