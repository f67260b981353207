import { Agent, request } from "undici";
import type { Outlet } from "../domain/deliver-due.ts";

/** A gateway for e-mail and text messages answers in a second or two; the lease of a delivery is longer. */
const TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 8;

/**
 * Hands messages over by `POST` to one URL: `{id, channel, to, subject, text}` with `Idempotency-Key`, so that a repeat after a lost
 * answer doesn't reach a person twice. 2xx: taken. 408, 429 and 5xx: worth another try. Other answers: never.
 */
export const createHttpOutlet = (url: string, token: string | undefined): Outlet => {
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX, connectTimeout: TIMEOUT_MS });
  return {
    send: async (message) => {
      const answer = await request(url, {
        dispatcher,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "idempotency-key": message.id,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      const { statusCode } = answer;
      if (statusCode < 300) return { kind: "taken" };
      const again = statusCode === 408 || statusCode === 429 || statusCode >= 500;
      return { kind: again ? "busy" : "refused", reason: `status ${statusCode}` };
    },
  };
};
