import { keysOf, loginOf, loginRoles } from "./logins.ts";

type Values = Readonly<Record<string, string>>;

export interface RotationView {
  /** What people ask for, in words of their own; another word is another rotation. Empty: nothing yet. */
  readonly asked: string;
  /** PostgreSQL knows every login that the Secret holds. */
  readonly isBootstrapped: boolean;
  /** Hashes of the configuration that the service's pods were started with, also of those that are going. */
  readonly podHashes: readonly string[];
}

export interface Rotated {
  readonly values: Values;
  /** What has just been done; undefined where there was nothing to do. */
  readonly step: string | undefined;
}

/**
 * The next step of a rotation that loses no request: the other login role is **added** beside the present one, with a new
 * password; when PostgreSQL knows it, the pods are **switched** to it, one after another; when the last pod that was started with the old one has gone,
 * that one is **retired**. A single role can't be rotated so: between its new password in PostgreSQL and the last pod's
 * restart, everybody who connects with the old one is turned away. Where it stands is in the Secret itself, so whoever comes after a
 * crash goes on from there. Pure; `draw` makes a password.
 */
export function rotateLogin(
  role: string,
  values: Values,
  view: RotationView,
  draw: () => string,
): Rotated {
  const present = loginOf(values, "");
  if (present === undefined) return { values, step: undefined };
  if (loginOf(values, "previous-") !== undefined) return retire(values, view);
  const next = loginOf(values, "next-");
  if (next !== undefined) {
    if (!view.isBootstrapped) return { values, step: undefined };
    const { "next-username": _, "next-password": __, ...rest } = values;
    const pods = [...new Set(view.podHashes)].join(",");
    const switched = { ...keysOf("", next), ...keysOf("previous-", present), [PODS]: pods };
    return {
      values: { ...rest, ...switched },
      step: `pods move from ${present.username} to ${next.username}`,
    };
  }
  if (view.asked === "" || view.asked === values[DONE]) return { values, step: undefined };
  const [first, second] = loginRoles(role);
  const username = present.username === first ? second : first;
  const added = keysOf("next-", { username, password: draw() });
  return { values: { ...values, ...added, [DONE]: view.asked }, step: `${username} is added` };
}

/** In the Secret: the request that was begun last, and the hashes of the pods that use the previous login. */
const DONE = "rotation";
const PODS = "previous-pods";

function retire(values: Values, { podHashes }: RotationView): Rotated {
  const old = new Set(values[PODS]?.split(","));
  if (podHashes.some((hash) => old.has(hash))) return { values, step: undefined };
  const { "previous-username": username, "previous-password": _, [PODS]: __, ...rest } = values;
  return { values: rest, step: `${username} is retired` };
}
