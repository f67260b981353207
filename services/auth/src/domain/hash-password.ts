import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { ConcurrencyLimit } from "./limit-concurrency.ts";

/** scrypt's parameters: memory is 128 · N · r bytes, time grows with N · r · p. */
export type ScryptCost = { readonly N: number; readonly r: number; readonly p: number };

export type PasswordHasher = {
  /** Answers `scrypt$N$r$p$salt$hash` (base64url). */
  readonly hash: (password: string) => Promise<string>;
  /** Whether the password fits. `undefined` for an account that doesn't exist: takes as long, answers false. */
  readonly verify: (password: string, stored: string | undefined) => Promise<boolean>;
};

/** OWASP's choice for little memory: 16 MiB and about 0.15 s a hash, as hard to attack as N = 2^17 with p = 1. */
export const defaultCost: ScryptCost = { N: 2 ** 14, r: 8, p: 5 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Passwords as salted scrypt hashes. Every computation goes through `limit`: a hash takes a core and 16 MiB, and a
 * crowd signing in must neither starve the event loop's thread pool nor exceed the pod's memory.
 */
export const createPasswordHasher = (
  limit: ConcurrencyLimit,
  cost: ScryptCost = defaultCost,
): PasswordHasher => {
  // Nobody knows its password; made at once, so that the first unknown address costs the same as the next.
  const decoy = formatHash(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return formatHash(cost, salt, await limit(() => derive(password, salt, cost)));
    },
    verify: async (password, stored) => {
      const { salt, hash, cost: storedCost } = parseHash(stored ?? decoy);
      const derived = await limit(() => derive(password, salt, storedCost));
      return timingSafeEqual(derived, hash) && stored !== undefined;
    },
  };
};

/** Unicode has several spellings of one letter; a person types whichever the keyboard makes (RFC 8265). */
const derive = async (password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> =>
  await new Promise((resolve, reject) => {
    // Node refuses more than 32 MiB unless told; twice what the parameters need leaves room for its own buffers.
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

const formatHash = ({ N, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string =>
  ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");

const parseHash = (stored: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } => {
  const [scheme, N, r, p, salt, hash] = stored.split("$");
  if (scheme !== "scrypt" || salt === undefined || hash === undefined) {
    throw new Error("a stored password hash is not of the known form");
  }
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    hash: Buffer.from(hash, "base64url"),
  };
};
