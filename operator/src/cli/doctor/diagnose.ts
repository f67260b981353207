import { autoscalerAtMaximum } from "./checks/autoscaler-at-maximum.ts";
import { circuitStuck } from "./checks/circuit-stuck.ts";
import { imageUnpullable } from "./checks/image-unpullable.ts";
import { metricsServerMissing } from "./checks/metrics-server-missing.ts";
import { operatorAway } from "./checks/operator-away.ts";
import { poolExhausted } from "./checks/pool-exhausted.ts";
import { queueStuck } from "./checks/queue-stuck.ts";
import { requestsMissing } from "./checks/requests-missing.ts";
import { secretLost } from "./checks/secret-lost.ts";
import type { Ailment, Check, Evidence } from "./evidence.ts";

/** What others depend on comes first: a lost Secret explains a stuck queue. */
const CHECKS: readonly Check[] = [
  operatorAway,
  secretLost,
  imageUnpullable,
  metricsServerMissing,
  requestsMissing,
  autoscalerAtMaximum,
  poolExhausted,
  circuitStuck,
  queueStuck,
];

export interface Diagnosis {
  readonly check: string;
  readonly ailments: readonly Ailment[];
  /** Why the check couldn't look; undefined when it could. */
  readonly obstacle: string | undefined;
}

/** All cases against one body of evidence. Pure. */
export function diagnose(evidence: Evidence): Diagnosis[] {
  return CHECKS.map(({ name, examine }) => {
    const result = examine(evidence);
    return "found" in result
      ? { check: name, ailments: result.found, obstacle: undefined }
      : { check: name, ailments: [], obstacle: result.obstacle };
  });
}
