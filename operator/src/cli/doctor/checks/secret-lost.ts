import { generatedSecrets } from "../../../desired/secrets/secret-table.ts";
import { found, type Ailment, type Check, type Evidence } from "../evidence.ts";

/** Any seed: only the names of the keys are read. */
const NO_SEED = Buffer.alloc(32);

/** Secrets that are gone or empty: the operator's own, and those the spec refers to. */
export const secretLost: Check = {
  name: "secrets",
  examine: (evidence) => found([...generated(evidence), ...given(evidence)]),
};

function generated({ platform, secretKeys }: Evidence): Ailment[] {
  return generatedSecrets(platform).flatMap(({ name, values, unlocksVolume }) => {
    const keys = secretKeys.get(name);
    const lacking = Object.keys(values(NO_SEED)).filter((key) => keys?.includes(key) !== true);
    if (lacking.length === 0) return [];
    const healed = unlocksVolume
      ? "The operator draws it anew, and the store takes the new password at its next start."
      : "The operator draws it anew; the pods restart with it.";
    return [
      {
        severity: "problem" as const,
        what:
          keys === undefined
            ? `Secret ${name} is gone.`
            : `Secret ${name} lacks ${lacking.join(", ")}.`,
        todo: [
          `${healed} That takes seconds: if it doesn't happen, the operator is away or paused.`,
          `kubectl get secret ${name} -n ${platform.namespace}`,
        ],
      },
    ];
  });
}

function given({ givenProblems, platform }: Evidence): Ailment[] {
  return givenProblems.map((what) => ({
    severity: "problem" as const,
    what,
    todo: [
      `kubectl get secrets -n ${platform.namespace}`,
      "What needs it starts by itself within seconds.",
    ],
  }));
}
