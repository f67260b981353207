import type { Condition, PlatformStatus, ServiceStatus } from "../../api/status.ts";
import type { RolloutStatus } from "../../api/rollout.ts";
import type { Paint } from "../paint.ts";
import { table, type Cell } from "../table.ts";

export interface StatusView {
  readonly platform: string;
  /** Seconds since it was made. */
  readonly ageSeconds: number;
  /** Generation of the spec: a status of an older one is stale. */
  readonly generation: number;
  readonly status: Partial<PlatformStatus> | undefined;
  /** CPU that each service's HPA aims at, by service name. */
  readonly cpuTargets: ReadonlyMap<string, number>;
  /** Width of the terminal: messages are cut to it. Undefined: they are given whole. */
  readonly columns?: number | undefined;
}

/** Conditions for which False is the good answer. */
const GOOD_WHEN_FALSE = new Set(["Degraded", "Progressing", "Paused"]);
/** Conditions whose bad answer is worth knowing but harms nobody now. */
const ADVICE = new Set(["ProductionReady", "Progressing", "Paused"]);

/** The status on one screen: what is true, then every service. Pure. */
export function statusLines(view: StatusView, paint: Paint): string[] {
  const { status } = view;
  if (status?.conditions === undefined) {
    return [paint.strong(view.platform), "", "No status yet: is the operator running?"];
  }
  return [
    ...heading(view, status, paint),
    "",
    ...table(conditionRows(status.conditions, view.columns, paint)),
    "",
    ...serviceTable(status.services ?? [], view.cpuTargets, paint),
  ];
}

function heading(view: StatusView, status: Partial<PlatformStatus>, paint: Paint): string[] {
  const budget = status.connectionBudget;
  const isStale = (status.observedGeneration ?? 0) < view.generation;
  return [
    [
      paint.strong(view.platform),
      `version ${status.version ?? "unknown"}`,
      status.gatewayURL ?? "",
      `${age(view.ageSeconds)} old`,
    ].join("  "),
    ...(budget === undefined
      ? []
      : [
          paint.dim(
            `connections at the maxima: ${budget.clientsNeeded} of ${budget.clientsMax} clients; ` +
              `to PostgreSQL at most ${budget.serversMax}`,
          ),
        ]),
    ...(status.rollout === undefined ? [] : [rolloutLine(status.rollout, paint)]),
    ...(isStale ? [paint.warn("The operator hasn't looked at the newest spec yet.")] : []),
  ];
}

/** `revision 4 in place`, or what is on its way and how far it is. */
function rolloutLine(
  { phase, message, revision, goodRevision, rejectedRevision }: RolloutStatus,
  paint: Paint,
) {
  if (phase === "Settled") return paint.dim(`revision ${revision} is in place`);
  const good = goodRevision === undefined ? "" : ` Last good revision: ${goodRevision}.`;
  const isBad = rejectedRevision !== undefined;
  return (isBad ? paint.bad : paint.warn)(`${message}${good}`);
}

/** Mark, gaps and the space that a cut sentence needs to say anything. */
const MARK_AND_GAPS = 5;
const MESSAGE_LENGTH_MIN = 20;

function conditionRows(
  conditions: readonly Condition[],
  columns: number | undefined,
  paint: Paint,
): Cell[][] {
  const typeLength = Math.max(0, ...conditions.map(({ type }) => type.length));
  const room = (columns ?? Infinity) - typeLength - MARK_AND_GAPS;
  const max = Math.max(MESSAGE_LENGTH_MIN, room);
  return conditions.map(({ type, status, message }) => {
    const text = message.length <= max ? message : `${message.slice(0, max - 1)}…`;
    const isGood = status === (GOOD_WHEN_FALSE.has(type) ? "False" : "True");
    if (isGood) return [{ text: "✔", paint: paint.good }, { text: type }, { text }];
    const colour = ADVICE.has(type) ? paint.warn : paint.bad;
    const mark = ADVICE.has(type) ? "•" : "✘";
    return [mark, type, text].map((cell) => ({ text: cell, paint: colour }));
  });
}

function serviceTable(
  services: readonly ServiceStatus[],
  targets: ReadonlyMap<string, number>,
  paint: Paint,
): string[] {
  const head = ["SERVICE", "READY", "CPU", "SCALE", "", "IMAGE"];
  return table([
    head.map((text) => ({ text, paint: paint.dim })),
    ...services.map((service) => serviceRow(service, targets.get(service.name), paint)),
  ]);
}

function serviceRow(service: ServiceStatus, target: number | undefined, paint: Paint): Cell[] {
  const { name, ready, desired, updated, image, autoscaling } = service;
  const isRolling = updated < desired;
  const readyPaint = ready === 0 ? paint.bad : ready < desired ? paint.warn : paint.good;
  return [
    { text: name },
    { text: `${ready}/${desired}${isRolling ? ` (${updated} new)` : ""}`, paint: readyPaint },
    cpuCell(autoscaling, target, paint),
    ...scaleCells(autoscaling, paint),
    { text: image, paint: paint.dim },
  ];
}

type Autoscaling = ServiceStatus["autoscaling"];

function cpuCell(scaling: Autoscaling, target: number | undefined, paint: Paint): Cell {
  if (scaling === undefined) return { text: "" };
  const now = scaling.currentCPUUtilizationPercentage;
  const text = `${now === undefined ? "?" : now}%${target === undefined ? "" : ` of ${target}%`}`;
  if (now === undefined) return { text, paint: paint.warn };
  return target !== undefined && now > target ? { text, paint: paint.warn } : { text };
}

/** Where the replicas are between minimum and maximum, as figures and as a bar. */
function scaleCells(scaling: Autoscaling, paint: Paint): Cell[] {
  if (scaling === undefined) return [{ text: "fixed" }, { text: "" }];
  const { minReplicas, currentReplicas, maxReplicas } = scaling;
  const isAtMaximum = currentReplicas >= maxReplicas;
  const text = `${currentReplicas} of ${minReplicas}–${maxReplicas}`;
  const colour = isAtMaximum ? paint.bad : (plainText: string) => plainText;
  return [
    { text, paint: colour },
    { text: bar(currentReplicas, maxReplicas), paint: isAtMaximum ? paint.bad : paint.good },
  ];
}

const BAR_LENGTH = 10;

function bar(now: number, max: number): string {
  const share = max === 0 ? 0 : Math.min(1, now / max);
  const full = Math.round(share * BAR_LENGTH);
  return "█".repeat(full) + "░".repeat(BAR_LENGTH - full);
}

/** `41m`, `3h`, `12d`: as kubectl would say it. */
export function age(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)}s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
