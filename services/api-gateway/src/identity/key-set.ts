import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { request } from "undici";
import { z } from "zod";
import type { Logger } from "@jatra/common/logging/logger.ts";

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Far below the hour that auth publishes a key before it signs with it. */
const REFRESH_MS = 5 * 60_000;
/** Tokens with made-up key ids must not become requests to auth: one a second and pod at most. */
const COOLDOWN_MS = 1_000;
const FETCH_TIMEOUT_MS = 2_000;

/** Thrown while auth has never answered: nobody's token can be checked, which isn't the token's fault. */
export class KeysUnavailableError extends Error {
  override readonly name = "KeysUnavailableError";
}

export type KeySet = {
  /** For jose: finds the key of a token, asking auth again for an unknown one. */
  readonly getKey: JWTVerifyGetKey;
  /** Fetches now, if not too soon; errors are only logged, known keys stay good. */
  readonly refresh: () => Promise<void>;
};

/**
 * Auth's public keys. Kept while auth is away (its pods may be gone, people stay signed in), refreshed every five minutes by
 * use, and at once for a key id never seen, which is how a rotation reaches the gateway without a restart.
 */
export const createKeySet = (dependencies: {
  readonly url: string;
  readonly logger: Logger;
  readonly nowMs?: () => number;
}): KeySet => {
  const { url, logger } = dependencies;
  const nowMs = dependencies.nowMs ?? (() => performance.now());
  let keys: JWTVerifyGetKey | undefined;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let failing = false;
  let running: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    triedAtMs = nowMs();
    try {
      keys = createLocalJWKSet(await fetchKeys(url));
      failing = false;
    } catch (error) {
      // Once an outage: the guide looks at the last ten lines of a pod.
      if (!failing) logger.warn({ err: error }, "auth's keys could not be fetched");
      failing = true;
    } finally {
      running = undefined;
    }
  };
  const refresh = async (): Promise<void> => {
    if (!running && nowMs() - triedAtMs >= COOLDOWN_MS) running = load();
    await running;
  };

  return {
    refresh,
    getKey: async (header, token) => {
      if (!keys) await refresh();
      else if (nowMs() - triedAtMs > REFRESH_MS) void refresh();
      if (!keys) throw new KeysUnavailableError("auth's keys are not known yet");
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await refresh();
        return keys(header, token);
      }
    },
  };
};

const fetchKeys = async (url: string): Promise<z.infer<typeof jwksSchema>> => {
  const answer = await request(url, {
    headersTimeout: FETCH_TIMEOUT_MS,
    bodyTimeout: FETCH_TIMEOUT_MS,
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    throw new Error(`auth answered ${answer.statusCode}`);
  }
  return jwksSchema.parse(await answer.body.json());
};
