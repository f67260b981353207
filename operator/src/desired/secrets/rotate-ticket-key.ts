import { ed25519PublicKeyOf } from "./key-material.ts";
import type { Rotated } from "./rotate-login.ts";

type Values = Readonly<Record<string, string>>;

export interface TicketKeyView {
  /** What people ask for, in words of their own; another word is another rotation. Empty: nothing yet. */
  readonly asked: string;
  /** Hashes of the configuration that ticket-service's pods were started with, also of those that are going. */
  readonly podHashes: readonly string[];
}

/** In the Secret beside the key in use: public keys whose tickets are good as well, with commas between them. */
export const FURTHER_KEYS = "further-keys";
/** The key that is to sign next, and the pods that don't believe it yet. */
const NEXT = "next-signing-key";
const PODS = "pods-before";
/** The request that was begun last. */
const DONE = "rotation";

/** A key a year for longer than any ticket is good; each makes the list at /api/tickets/keys longer. */
const FURTHER_KEYS_MAX = 16;
/** The SPKI of an Ed25519 key ends with the key itself (RFC 8410). */
const KEY_BYTES = 32;

/**
 * The next step of a rotation of the key that signs tickets, by which no ticket on paper loses its worth: the next key is **announced**
 * among those that are believed; when the last pod that doesn't know of it has gone, it **signs**. The other way round, gates would refuse
 * tickets that another pod has just signed. Keys of before stay believed until people take them from the list. Pure; `draw` makes a key.
 */
export function rotateTicketKey(values: Values, view: TicketKeyView, draw: () => string): Rotated {
  const present = values["signing-key"];
  if (present === undefined) return { values, step: undefined };
  const { [NEXT]: next, [PODS]: pods, ...rest } = values;
  if (next !== undefined) {
    const before = new Set(pods?.split(","));
    if (view.podHashes.some((hash) => before.has(hash))) return { values, step: undefined };
    const step = `key ${shownKey(next)} signs now; tickets of ${shownKey(present)} stay good`;
    return { values: { ...rest, "signing-key": next }, step };
  }
  if (view.asked === "" || view.asked === values[DONE]) return { values, step: undefined };
  const drawn = draw();
  const known = (values[FURTHER_KEYS] ?? "").split(",").filter(Boolean);
  const further = new Set([...known, shownKey(present), shownKey(drawn)]);
  const announced = {
    [NEXT]: drawn,
    [FURTHER_KEYS]: [...further].slice(-FURTHER_KEYS_MAX).join(),
    [PODS]: [...new Set(view.podHashes)].join(),
    [DONE]: view.asked,
  };
  return { values: { ...values, ...announced }, step: `key ${shownKey(drawn)} is announced` };
}

/** The `x` by which `GET /api/tickets/keys` shows a private key's public half. */
export function shownKey(privateKey: string): string {
  const spki = Buffer.from(ed25519PublicKeyOf(privateKey), "base64");
  return spki.subarray(-KEY_BYTES).toString("base64url");
}
