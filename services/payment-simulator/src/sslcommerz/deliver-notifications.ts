import type { Logger } from "@jatra/common/logging/logger.ts";
import { request } from "undici";
import type { Notification, NotificationStore } from "../data/create-notification-store.ts";

/** One payer, one notification: there are never many. */
const BATCH_MAX = 20;
const ATTEMPTS_MAX = 12;
const TIMEOUT_MS = 5_000;

/** Posts the IPNs that are due, form-encoded, at least once; what isn't taken comes again. */
export const deliverNotifications = async (needs: {
  readonly notifications: NotificationStore;
  readonly logger: Logger;
}): Promise<void> => {
  const due = await needs.notifications.lease(BATCH_MAX);
  if (due.length === 0) return;
  const taken = await Promise.all(due.map(post));
  for (const [index, { notificationId }] of due.entries()) {
    if (taken[index]) await needs.notifications.remove(notificationId);
  }
  const dropped = await needs.notifications.removeHopeless(ATTEMPTS_MAX);
  if (dropped > 0) needs.logger.warn({ dropped }, "notifications given up");
};

const post = async ({ url, form }: Notification): Promise<boolean> => {
  try {
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form }).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body.dump();
    return answer.statusCode < 300;
  } catch {
    // Away or too slow: it stays due.
    return false;
  }
};
