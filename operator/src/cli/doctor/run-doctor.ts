import type { Session } from "../session.ts";
import { diagnose } from "./diagnose.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { renderDiagnosis } from "./render-diagnosis.ts";

const EXIT_NOTHING_FOUND = 0;
const EXIT_FINDINGS = 2;

/** Looks for the known troubles and says what to do. Changes nothing. */
export async function runDoctor(session: Session): Promise<number> {
  const evidence = await gatherEvidence(session);
  const { namespace, name } = evidence.platform;
  const diagnoses = diagnose(evidence);
  if (session.options.isJson) session.printJson({ platform: `${namespace}/${name}`, diagnoses });
  else session.print(renderDiagnosis(`${namespace}/${name}`, diagnoses, session.paint));
  const isHealthy = diagnoses.every(({ ailments }) => ailments.length === 0);
  return isHealthy ? EXIT_NOTHING_FOUND : EXIT_FINDINGS;
}
