import type { KeyObject } from "node:crypto";
import type { PublicKey } from "@jatra/contracts/key-set.ts";
import { makeSigningKey, openPrivateKey, type StoredKey } from "./signing-key.ts";

/** A month of signatures under one key; the next takes over without anybody noticing. */
export const KEY_LIFETIME_DAYS = 30;
/** How long a new key is public before it signs: far longer than a gateway keeps the set. */
export const PUBLISH_AHEAD_SECONDS = 60 * 60;
/** How long a key stays public after it stopped signing: an access token's life and ample clock difference. */
export const RETIRE_AFTER_SECONDS = 60 * 60;

/** The keys in the database, shared by all pods; times are the database's. */
export type SigningKeys = {
  /**
   * Adds `candidate` unless another pod was first: at once active where there is no key at all, published ahead where the
   * newest is older than its lifetime. Retires what stopped signing long ago. Answers whether it was added.
   */
  readonly rotate: (candidate: StoredKey, urgency: Urgency) => Promise<boolean>;
  /** `inForce`: those that may sign, the one that should first. */
  readonly published: () => Promise<{ readonly keys: StoredKey[]; readonly inForce: StoredKey[] }>;
};

/** Whether the next key is made when it is time, now but published ahead, or now and in force at once. */
export type Urgency = "due" | "ahead" | "at_once";

export type KeyRing = {
  readonly signingKey: () => { readonly kid: string; readonly key: KeyObject };
  readonly publicKeys: () => readonly PublicKey[];
  /** Brings the keys to date, makes the next one when it is time (or at once). Called at start and every minute. */
  readonly refresh: (options?: { readonly force: boolean }) => Promise<void>;
};

/**
 * This pod's copy of the keys. `refresh` once before use.
 *
 * A key that can't be opened was wrapped under a Secret that has been lost or changed. The pod signs with the newest that it can open, and
 * makes one where there is none: its public half stands beside the others, so nobody is signed out. In a rollout of a new Secret old
 * pods and new ones each have theirs.
 */
export const createKeyRing = (
  keys: SigningKeys,
  wrappingKey: Buffer,
  onUnreadable: (kid: string) => void = () => undefined,
): KeyRing => {
  let signing: { kid: string; key: KeyObject } | undefined;
  let published: readonly PublicKey[] = [];
  const load = async (): Promise<boolean> => {
    const current = await keys.published();
    published = current.keys.map((key) => key.publicKey);
    for (const stored of current.inForce) {
      if (signing?.kid === stored.kid) return true;
      const key = open(stored);
      if (key) {
        signing = { kid: stored.kid, key };
        return true;
      }
    }
    return false;
  };
  const open = (stored: StoredKey): KeyObject | undefined => {
    try {
      return openPrivateKey(stored, wrappingKey);
    } catch {
      onUnreadable(stored.kid);
      return undefined;
    }
  };
  return {
    signingKey: () => {
      if (!signing) throw new Error("the key ring was used before its first refresh");
      return signing;
    },
    publicKeys: () => published,
    refresh: async (options) => {
      await keys.rotate(makeSigningKey(wrappingKey), options?.force === true ? "ahead" : "due");
      if (await load()) return;
      await keys.rotate(makeSigningKey(wrappingKey), "at_once");
      if (!(await load())) throw new Error("none of the signing keys can be opened");
    },
  };
};
