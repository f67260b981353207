import type { Paint } from "../paint.ts";
import type { Diagnosis } from "./diagnose.ts";

/** The findings, each with what to do. Pure. */
export function renderDiagnosis(
  platform: string,
  diagnoses: readonly Diagnosis[],
  paint: Paint,
): string[] {
  const ailments = diagnoses.flatMap((one) => one.ailments);
  const unseen = diagnoses.filter(({ obstacle }) => obstacle !== undefined).length;
  return [
    paint.strong(platform),
    "",
    ...diagnoses.flatMap((diagnosis) => renderOne(diagnosis, paint)),
    "",
    verdict(ailments.length, unseen, paint),
  ];
}

function renderOne({ check, ailments, obstacle }: Diagnosis, paint: Paint): string[] {
  if (obstacle !== undefined) {
    return [paint.warn(`? ${check}`), `    couldn't look: ${obstacle}`];
  }
  if (ailments.length === 0) return [`${paint.good("✔")} ${check}`];
  const isProblem = ailments.some(({ severity }) => severity === "problem");
  return [
    isProblem ? paint.bad(`✘ ${check}`) : paint.warn(`• ${check}`),
    ...ailments.flatMap(({ what, todo }) => [
      `    ${what}`,
      ...todo.map((step) => paint.dim(`      → ${step}`)),
    ]),
  ];
}

function verdict(ailments: number, unseen: number, paint: Paint): string {
  const blind = unseen === 0 ? "" : ` ${unseen} of the checks couldn't look.`;
  if (ailments === 0) return paint.good("Nothing found.") + blind;
  return paint.bad(`${ailments} ${ailments === 1 ? "finding" : "findings"}.`) + blind;
}
