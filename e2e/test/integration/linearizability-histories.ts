import type { History, Operation } from "../../chaos/linearizability/history.ts";

type Case = {
  readonly title: string;
  readonly verdict: "linearizable" | "not linearizable";
  readonly refusals?: History["refusals"];
  readonly operations: readonly Operation[];
};

/** Seconds, for reading; a call takes a tenth of one. */
const at = (seconds: number): Pick<Operation, "client" | "journey" | "call" | "return"> => ({
  client: 1,
  journey: "journey-1",
  call: Math.round(seconds * 1e6),
  return: Math.round(seconds * 1e6) + 1e5,
});
const unanswered = { return: null } as const;
const whole = { fromSeq: 0, toSeq: 2 } as const;

const held = (seconds: number, lock: string, more: Partial<Operation> = {}): Operation => ({
  ...at(seconds),
  kind: "acquire",
  seats: ["seat-1"],
  ...whole,
  ttl: 600e6,
  outcome: "ok",
  lock,
  end: (seconds + 600) * 1e6,
  ...more,
});
const refused = (seconds: number, more: Partial<Operation> = {}): Operation => ({
  ...at(seconds),
  kind: "acquire",
  seats: ["seat-1"],
  ...whole,
  ttl: 600e6,
  outcome: "seat_unavailable",
  failedSeat: "seat-1",
  ...more,
});
const did = (
  seconds: number,
  kind: Operation["kind"],
  outcome: string,
  more: Partial<Operation> = {},
): Operation => ({ ...at(seconds), kind, lock: "a", outcome, ...more });
const ends = (seconds: number): Pick<Operation, "end"> => ({ end: seconds * 1e6 });

/** Small histories by hand, each with one thing right or wrong. */
export const histories: readonly Case[] = [
  {
    title: "one hold after the other",
    verdict: "linearizable",
    operations: [held(1, "a"), did(2, "release", "ok"), held(3, "b")],
  },
  {
    title: "a seat that is won twice",
    verdict: "not linearizable",
    operations: [held(1, "a"), held(2, "b")],
  },
  {
    title: "a seat that two clients win at the same moment",
    verdict: "not linearizable",
    operations: [held(1, "a"), held(1.05, "b")],
  },
  {
    title: "two winners of a seat on legs that don't overlap",
    verdict: "linearizable",
    operations: [held(1, "a", { toSeq: 1 }), held(1, "b", { fromSeq: 1 })],
  },
  {
    title: "two winners of a seat that overlap on one leg",
    verdict: "not linearizable",
    operations: [held(1, "a", { toSeq: 2 }), held(2, "b", { fromSeq: 1 })],
  },
  {
    title: "a release that was lost",
    verdict: "not linearizable",
    operations: [held(1, "a"), did(2, "release", "ok"), refused(3)],
  },
  {
    title: "a 409 for a seat that a look shows as free while its release goes on",
    verdict: "linearizable",
    operations: [
      held(1, "a"),
      did(2, "release", "ok", { return: 2.4e6 }),
      did(2.1, "look", "ok", { ...whole, taken: {} }),
      refused(2.25),
    ],
  },
  {
    title: "a 409 for a seat that a look shows as free once its release has answered",
    verdict: "not linearizable",
    operations: [
      held(1, "a"),
      did(2, "release", "ok"),
      did(2.2, "look", "ok", { ...whole, taken: {} }),
      refused(2.4),
    ],
  },
  {
    title: "a 409 for a free seat beside a concurrent attempt",
    verdict: "linearizable",
    operations: [refused(3), refused(3.05)],
  },
  {
    title: "a 409 for a free seat beside an attempt at another leg",
    verdict: "not linearizable",
    operations: [refused(3, { toSeq: 1 }), held(3.05, "a", { fromSeq: 1 })],
  },
  {
    title: "a 409 for a free seat where Redis was broken on purpose",
    verdict: "linearizable",
    refusals: "free",
    operations: [held(1, "a"), did(2, "release", "ok"), refused(3)],
  },
  {
    title: "a release without an answer that took its effect",
    verdict: "linearizable",
    operations: [held(1, "a"), did(2, "release", "", unanswered), held(3, "b")],
  },
  {
    title: "a release without an answer that took no effect, and yet somebody has the seat",
    verdict: "not linearizable",
    operations: [
      held(1, "a"),
      did(2, "release", "", unanswered),
      held(3, "b"),
      did(4, "read", "HELD", ends(601)),
    ],
  },
  {
    title: "a 409 that only an acquire without an answer explains",
    verdict: "linearizable",
    operations: [held(1, "a", unanswered), refused(3)],
  },
  {
    title: "a hold that goes to somebody else before the end it was extended to",
    verdict: "not linearizable",
    operations: [held(1, "a", ends(5)), did(2, "extend", "ok", ends(60)), held(20, "b")],
  },
  {
    title: "a hold that goes to somebody else after its end",
    verdict: "linearizable",
    operations: [held(1, "a", ends(5)), held(20, "b")],
  },
  {
    title: "a hold that is given away before its end",
    verdict: "not linearizable",
    operations: [held(1, "a", ends(5)), held(4, "b")],
  },
  {
    title: "a hold that is paid long after its end",
    verdict: "not linearizable",
    operations: [held(1, "a", ends(5)), did(20, "pay", "ok", { booking: "x" })],
  },
  {
    title: "one lock in payment for two bookings",
    verdict: "not linearizable",
    operations: [
      held(1, "a"),
      did(2, "pay", "ok", { booking: "x" }),
      did(3, "pay", "ok", { booking: "y" }),
    ],
  },
  {
    title: "a booking's repeated payment",
    verdict: "linearizable",
    operations: [
      held(1, "a"),
      did(2, "pay", "ok", { booking: "x" }),
      did(3, "pay", "ok", { booking: "x" }),
      did(4, "release", "lock_in_payment"),
      did(5, "sell", "changed", { booking: "x" }),
      did(6, "sell", "unchanged", { booking: "x" }),
    ],
  },
  {
    title: "a seat sold to a booking that never paid for it",
    verdict: "not linearizable",
    operations: [
      held(1, "a"),
      did(2, "pay", "ok", { booking: "x" }),
      did(3, "sell", "changed", { booking: "y" }),
    ],
  },
  {
    title: "a sold seat that is held again",
    verdict: "not linearizable",
    operations: [
      held(1, "a", ends(5)),
      did(2, "pay", "ok", { booking: "x" }),
      did(3, "sell", "changed", { booking: "x" }),
      held(20, "b"),
    ],
  },
  {
    title: "a look that shows a part of a hold",
    verdict: "not linearizable",
    operations: [
      held(1, "a", { seats: ["seat-1", "seat-2"] }),
      did(2, "look", "ok", { ...whole, taken: { "seat-1": "HELD" } }),
    ],
  },
  {
    title: "a look that shows all of it",
    verdict: "linearizable",
    operations: [
      held(1, "a", { seats: ["seat-1", "seat-2"] }),
      did(2, "look", "ok", { ...whole, taken: { "seat-1": "HELD", "seat-2": "HELD" } }),
    ],
  },
];
