import type { Paint } from "../paint.ts";
import type { FieldChange } from "./field-changes.ts";
import type { Plan, PlannedChange } from "./make-plan.ts";

/** A value on one line; longer ones are cut, the JSON output has them whole. */
const VALUE_LENGTH_MAX = 100;

export interface PlanHeading {
  readonly platform: string;
  /** Sentences that a reader has to know first: paused, refused. */
  readonly notes: readonly string[];
  readonly connections: string;
}

/** The plan as a person reads it, line by line. */
export function renderPlan(plan: Plan, heading: PlanHeading, paint: Paint): string[] {
  const restarts = plan.changes.filter((change) => change.restarts).map(({ child }) => child);
  return [
    `${paint.strong(heading.platform)}  ${paint.dim(heading.connections)}`,
    ...heading.notes.map((note) => paint.warn(`! ${note}`)),
    "",
    ...plan.changes.flatMap((change) => [...renderChange(change, paint), ""]),
    ...(restarts.length === 0 ? [] : [`New pods, one after another: ${restarts.join(", ")}.`]),
    summary(plan, paint),
  ];
}

function renderChange(change: PlannedChange, paint: Paint): string[] {
  const wait = change.after.length === 0 ? "" : paint.dim(`  after ${change.after.join(", ")}`);
  switch (change.action) {
    case "create":
      return [paint.good(`+ ${change.child}`) + wait];
    case "delete":
      return [paint.bad(`- ${change.child}`) + wait];
    case "foreign":
      return [
        paint.bad(`! ${change.child}`) +
          "  isn't this platform's: rename or delete it, it won't be adopted.",
      ];
    case "change":
    default:
      return [
        paint.warn(`~ ${change.child}`) + wait,
        ...change.changes.flatMap((field) => renderField(field, paint)),
      ];
  }
}

function renderField({ path, before, after }: FieldChange, paint: Paint): string[] {
  if (isText(before) && isText(after)) {
    return [`    ${path}`, ...lineChanges(before, after, paint).map((line) => `      ${line}`)];
  }
  if (before === undefined) return [`    ${path}: ${paint.good(shown(after))}`];
  if (after === undefined) return [`    ${path}: ${paint.bad(shown(before))} → removed`];
  return [`    ${path}: ${paint.bad(shown(before))} → ${paint.good(shown(after))}`];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

/** Lines of a file that go and come; a file's unchanged lines say nothing here. */
function lineChanges(before: string, after: string, paint: Paint): string[] {
  const old = before.split("\n");
  const fresh = after.split("\n");
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => paint.bad(`- ${line}`)),
    ...fresh.filter((line) => !old.includes(line)).map((line) => paint.good(`+ ${line}`)),
  ];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}…`;
}

function summary({ changes, unchanged }: Plan, paint: Paint): string {
  const count = (action: PlannedChange["action"]) =>
    changes.filter((change) => change.action === action).length;
  if (changes.length === 0) return paint.good(`No changes: ${unchanged} objects are as wanted.`);
  const foreign = count("foreign");
  return (
    `${paint.strong("Plan:")} ${count("create")} to make, ${count("change")} to change, ` +
    `${count("delete")} to delete` +
    (foreign === 0 ? "" : `, ${foreign} in the way`) +
    `; ${unchanged} as wanted.`
  );
}
