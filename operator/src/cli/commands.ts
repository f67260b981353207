import { COMMON, type OptionName } from "./arguments.ts";
import { runDoctor } from "./doctor/run-doctor.ts";
import { runCircuits } from "./gateway/run-circuits.ts";
import { runRequeue } from "./gateway/run-requeue.ts";
import { setPaused } from "./pause.ts";
import { runPlan } from "./plan/run-plan.ts";
import { runHistory } from "./rollout/run-history.ts";
import { runRollback } from "./rollout/run-rollback.ts";
import { runUpgrade } from "./rollout/run-upgrade.ts";
import type { Session } from "./session.ts";
import { runStatus } from "./status/run-status.ts";

export interface Command {
  readonly name: string;
  /** What stands after the name. */
  readonly operands: string;
  readonly operandsMax: number;
  readonly summary: string;
  /** Paragraphs of its own help. */
  readonly description: readonly string[];
  readonly options: readonly OptionName[];
  /** Sends nothing but GET to the API server. */
  readonly isReadOnly: boolean;
  /** Answers the exit code. */
  readonly run: (session: Session, operands: readonly string[]) => Promise<number>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "status",
    operands: "",
    operandsMax: 0,
    summary: "what is true of the platform, on one screen",
    description: [
      "Reads the JatraPlatform alone. Green is as wanted, yellow is advice, red is not.",
    ],
    options: [...COMMON, "watch"],
    isReadOnly: true,
    run: runStatus,
  },
  {
    name: "plan",
    operands: "",
    operandsMax: 0,
    summary: "what the operator would make, change and delete",
    description: [
      "Works out the same objects as the operator, with the running operator's images, and compares",
      "them with what lives. Needs read rights only (Secrets too, for the hashes of what pods were",
      "started with); contents of Secrets are never printed.",
      "Exit code: 0 no changes, 2 changes, 1 an error.",
    ],
    options: [...COMMON, "file", "operator-namespace"],
    isReadOnly: true,
    run: runPlan,
  },
  {
    name: "doctor",
    operands: "",
    operandsMax: 0,
    summary: "looks for known troubles and says what to do",
    description: [
      "Looks at Secrets, images, metrics-server, requests, autoscalers, the connection pool, circuits",
      "and queues. Changes nothing. What it isn't allowed to look at, it says.",
      "Exit code: 0 nothing found, 2 findings, 1 an error.",
    ],
    options: [...COMMON, "gateway", "operator-namespace"],
    isReadOnly: true,
    run: runDoctor,
  },
  {
    name: "circuits",
    operands: "[list | reset SERVICE]",
    operandsMax: 2,
    summary: "the gateway's circuit breakers; reset closes one",
    description: [
      "Through the gateway, as the admin whose login is in Secret jatra-admin; a reset stands in the",
      "audit log. SERVICE is a short name, such as booking.",
    ],
    options: [...COMMON, "gateway"],
    isReadOnly: true,
    run: runCircuits,
  },
  {
    name: "requeue",
    operands: "BOOKING_ID",
    operandsMax: 1,
    summary: "delivers the payment of a stuck booking once more",
    description: [
      "Through the gateway, as the admin whose login is in Secret jatra-admin, and audited. Harmless",
      "where the payment has ended: nothing is charged twice.",
    ],
    options: [...COMMON, "gateway"],
    isReadOnly: true,
    run: runRequeue,
  },
  {
    name: "history",
    operands: "",
    operandsMax: 0,
    summary: "the revisions of the platform, and which one is in place",
    description: ["A revision is a set of pod templates, kept as a ControllerRevision."],
    options: COMMON,
    isReadOnly: true,
    run: runHistory,
  },
  {
    name: "rollback",
    operands: "",
    operandsMax: 0,
    summary: "the whole platform back to an older revision",
    description: [
      "Asks for it with an annotation: the spec stays as it is, and the next change of it counts again.",
      "Pods go back; databases don't: an older image has to know the newer schema (see the runbook).",
    ],
    options: [...COMMON, "to"],
    isReadOnly: false,
    run: runRollback,
  },
  {
    name: "upgrade",
    operands: "",
    operandsMax: 0,
    summary: "takes the running operator's images and defaults",
    description: [
      "A new operator changes no pod by itself. This makes a revision with its defaults and rolls it",
      "out like any other; it also tries a rejected revision again.",
    ],
    options: COMMON,
    isReadOnly: false,
    run: runUpgrade,
  },
  {
    name: "pause",
    operands: "",
    operandsMax: 0,
    summary: "the operator changes nothing until resume",
    description: ["Sets spec.paused. Pods, autoscalers and the status go on."],
    options: COMMON,
    isReadOnly: false,
    run: async (session) => await setPaused(session, true),
  },
  {
    name: "resume",
    operands: "",
    operandsMax: 0,
    summary: "the operator is at work again",
    description: ["Sets spec.paused to false. See first what it will do: jatractl plan."],
    options: COMMON,
    isReadOnly: false,
    run: async (session) => await setPaused(session, false),
  },
];
