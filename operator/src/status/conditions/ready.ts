import { REDIS } from "../../metadata/names.ts";
import { readWorkload } from "../read-objects.ts";
import { childNamed, secretFinding, type Finding, type View } from "../view.ts";
import { databaseReady } from "./database-ready.ts";
import { messagingReady } from "./messaging-ready.ts";
import { poolReady } from "./pool-ready.ts";
import { servicesReady } from "./services-ready.ts";

/** Tickets can be sold: stores, pool, and every service at its minimum. */
export function ready(view: View): Finding {
  const type = "Ready";
  const parts = [
    databaseReady(view),
    poolReady(view),
    cacheReady(view),
    messagingReady(view),
    servicesReady(view),
  ];
  const lacking = parts.filter((part) => part.status !== "True");
  if (lacking.length === 0) {
    return { type, status: "True", reason: "AllReady", message: "Tickets can be sold." };
  }
  return {
    type,
    status: "False",
    reason: lacking[0]?.reason ?? "NotReady",
    message: lacking.map((part) => part.message).join(" "),
  };
}

function cacheReady(view: View): Finding {
  const incomplete = secretFinding(view, "CacheReady", "redis");
  if (incomplete !== undefined) return incomplete;
  const embedded = view.platform.redis.embedded !== undefined;
  const isReady = !embedded || readWorkload(childNamed(view, "Deployment", REDIS)).ready > 0;
  return {
    type: "CacheReady",
    status: isReady ? "True" : "False",
    reason: isReady ? "CacheReady" : "StoreNotReady",
    message: isReady ? "Redis answers." : "Redis doesn't answer yet.",
  };
}
