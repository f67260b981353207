import type { ConnectionTap } from "@jatra/testing/test-proxy.ts";
import type { RabbitPoint } from "./crash-point.ts";
import { splitAmqp } from "./split-frames.ts";
import type { Trap } from "./trap.ts";

const NOTHING = Buffer.alloc(0);
/** AMQP's numbers of the methods that matter here, class and method in one. */
const methods = { consume: "60.20", publish: "60.40", ack: "60.80", nack: "60.120" } as const;
const METHOD_FRAME = 1;
/** An acknowledgement has no answer: this long it is on its way to the broker. */
const ON_ITS_WAY_MS = 100;

/**
 * Holds a connection to RabbitMQ just before a message or an acknowledgement leaves; or, after a message, when its confirm is there,
 * at the proxy, and after an acknowledgement, when the broker has it.
 */
export const createRabbitTap = (trap: Trap) => (): ConnectionTap => {
  const split = { client: splitAmqp(), server: splitAmqp() };
  const follow = createFollower();
  let held: "client" | "server" | undefined;
  let confirmOf: Published | undefined;
  const hold = (what: "client" | "server"): void => {
    held = what;
    trap.take();
  };
  const passClient = (frame: Buffer): Buffer => {
    if (held === "client") return NOTHING;
    const seen = follow(frame);
    const point = trap.armed();
    if (!seen || !point || !("rabbit" in point) || !isIt(seen, point.rabbit)) return frame;
    if (point.side === "before") {
      hold("client");
      trap.spring();
      return NOTHING;
    }
    if ("published" in seen) {
      hold("server");
      confirmOf = seen.published;
    } else {
      hold("client");
      setTimeout(trap.spring, ON_ITS_WAY_MS);
    }
    return frame;
  };
  const passServer = (frame: Buffer): Buffer => {
    if (held === undefined) return frame;
    if (confirmOf && isConfirmOf(frame, confirmOf)) trap.spring();
    return NOTHING;
  };
  return {
    fromClient: (bytes) => Buffer.concat(split.client(bytes).map(passClient)),
    fromServer: (bytes) => Buffer.concat(split.server(bytes).map(passServer)),
  };
};

/** Number of a message on its channel, as confirms name it. */
type Published = { readonly channel: number; readonly number: number };
type Seen =
  | { readonly published: Published; readonly routingKey: string }
  | { readonly ackedQueue: string };

const isIt = (seen: Seen, point: RabbitPoint): boolean =>
  "published" in seen
    ? "publish" in point && point.publish === seen.routingKey
    : "ack" in point && point.ack === seen.ackedQueue;

/** Follows one connection: which queue a channel reads, how many messages it has sent. */
const createFollower = () => {
  const queues = new Map<number, string>();
  const counts = new Map<number, number>();
  return (frame: Buffer): Seen | undefined => {
    const method = methodOf(frame);
    const channel = frame.length > 7 ? frame.readUInt16BE(1) : 0;
    if (method === methods.consume) queues.set(channel, shortText(frame, 13));
    if (method === methods.ack) return { ackedQueue: queues.get(channel) ?? "" };
    if (method !== methods.publish) return undefined;
    const number = (counts.get(channel) ?? 0) + 1;
    counts.set(channel, number);
    const routingKey = shortText(frame, 14 + frame.readUInt8(13));
    return { published: { channel, number }, routingKey };
  };
};

const isConfirmOf = (frame: Buffer, { channel, number }: Published): boolean => {
  const method = methodOf(frame);
  if (method !== methods.ack && method !== methods.nack) return false;
  if (frame.readUInt16BE(1) !== channel) return false;
  const confirmed = Number(frame.readBigUInt64BE(11));
  const andAllBefore = frame.readUInt8(19) === 1;
  return confirmed === number || (andAllBefore && confirmed > number);
};

const methodOf = (frame: Buffer): string | undefined =>
  frame.length >= 12 && frame.readUInt8(0) === METHOD_FRAME
    ? `${frame.readUInt16BE(7)}.${frame.readUInt16BE(9)}`
    : undefined;

const shortText = (frame: Buffer, start: number): string =>
  frame.toString("utf8", start + 1, start + 1 + frame.readUInt8(start));
