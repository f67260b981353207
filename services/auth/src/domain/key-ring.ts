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
   * newest is older than its lifetime (or `force`). Retires what stopped signing long ago. Answers whether it was added.
   */
  readonly rotate: (candidate: StoredKey, force: boolean) => Promise<boolean>;
  readonly published: () => Promise<{ readonly keys: StoredKey[]; readonly activeKid: string }>;
};

export type KeyRing = {
  readonly signingKey: () => { readonly kid: string; readonly key: KeyObject };
  readonly publicKeys: () => readonly PublicKey[];
  /** Brings the keys to date, makes the next one when it is time (or at once). Called at start and every minute. */
  readonly refresh: (options?: { readonly force: boolean }) => Promise<void>;
};

/** This pod's copy of the keys. `refresh` once before use. */
export const createKeyRing = (keys: SigningKeys, wrappingKey: Buffer): KeyRing => {
  let signing: { kid: string; key: KeyObject } | undefined;
  let published: readonly PublicKey[] = [];
  return {
    signingKey: () => {
      if (!signing) throw new Error("the key ring was used before its first refresh");
      return signing;
    },
    publicKeys: () => published,
    refresh: async (options) => {
      await keys.rotate(makeSigningKey(wrappingKey), options?.force ?? false);
      const current = await keys.published();
      published = current.keys.map((key) => key.publicKey);
      if (signing?.kid === current.activeKid) return;
      const active = current.keys.find((key) => key.kid === current.activeKid);
      if (!active) throw new Error("the active signing key is not among the published ones");
      signing = { kid: active.kid, key: openPrivateKey(active, wrappingKey) };
    },
  };
};
