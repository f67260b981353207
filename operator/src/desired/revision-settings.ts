import { z } from "zod";
import { budgetRefusal } from "./budget-refusal.ts";
import type { Platform } from "./platform.ts";

/**
 * What a revision holds beside pod templates: the pool's limits and mode. They are in files that PgBouncer reads again by itself,
 * so they change no pod, and yet sales fail by them; see ADR 19.
 */
export const revisionSettings = z.object({
  pgbouncer: z.object({
    replicas: z.int(),
    maxClientConnections: z.int(),
    maxServerConnections: z.int(),
    poolMode: z.enum(["transaction", "session"]),
  }),
});

export type RevisionSettings = z.infer<typeof revisionSettings>;

/** Those of a platform, as its spec has them. */
export function settingsOf({ pgbouncer }: Platform): RevisionSettings {
  const { replicas, maxClientConnections, maxServerConnections, poolMode } = pgbouncer;
  return { pgbouncer: { replicas, maxClientConnections, maxServerConnections, poolMode } };
}

/**
 * The platform with the settings of a revision that it was taken back to. Not where the autoscalers' maxima, which follow the spec
 * at any time, wouldn't fit them: a budget that is refused would hold up the way back.
 */
export function withSettings(platform: Platform, settings: RevisionSettings | undefined): Platform {
  if (settings === undefined) return platform;
  const back = { ...platform, pgbouncer: { ...platform.pgbouncer, ...settings.pgbouncer } };
  return budgetRefusal(back) === undefined ? back : platform;
}
