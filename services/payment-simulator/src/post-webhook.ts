import { createHmac } from "node:crypto";
import { Agent, request } from "undici";
import type { PostWebhook } from "./domain/deliver-webhooks.ts";

/** A merchant has to answer quickly or gets it again. */
const TIMEOUT_MS = 5_000;

/** JSON with `X-Signature: sha256=<hex HMAC-SHA256 of the body's bytes>`. */
export const createPostWebhook = (options: {
  readonly url: string;
  readonly secret: string;
}): PostWebhook => {
  const dispatcher = new Agent({ connections: 4 });
  return async (webhook) => {
    const body = JSON.stringify(webhook);
    const signature = createHmac("sha256", options.secret).update(body).digest("hex");
    try {
      const answer = await request(options.url, {
        dispatcher,
        method: "POST",
        headers: { "content-type": "application/json", "x-signature": `sha256=${signature}` },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      return answer.statusCode < 300;
    } catch {
      // Away or too slow: it stays due.
      return false;
    }
  };
};
