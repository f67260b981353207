import type { ConsumeMessage } from "amqplib";
import { requestIdHeader } from "@jatra/contracts/identity.ts";

/** A message as a handler sees it; `content` is parsed JSON, to be checked by the handler's own schema. */
export type IncomingMessage = {
  readonly id: string;
  readonly type: string;
  readonly requestId: string;
  readonly content: unknown;
  readonly redelivered: boolean;
};

/**
 * The message in a delivery, or `undefined` for what no handler could ever deal with: not JSON, or without an id (which the
 * inbox needs). A missing type falls back to the routing key, a missing request id to the message's own.
 */
export const parseDelivery = (delivery: ConsumeMessage): IncomingMessage | undefined => {
  const id: unknown = delivery.properties.messageId;
  if (typeof id !== "string" || id === "") return undefined;
  const content = parseJson(delivery.content);
  if (content === undefined) return undefined;
  const type: unknown = delivery.properties.type;
  const requestId: unknown = delivery.properties.headers?.[requestIdHeader];
  return {
    id,
    type: typeof type === "string" ? type : delivery.fields.routingKey,
    requestId: typeof requestId === "string" ? requestId : id,
    content: content.value,
    redelivered: delivery.fields.redelivered,
  };
};

const parseJson = (bytes: Buffer): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return undefined;
  }
};
