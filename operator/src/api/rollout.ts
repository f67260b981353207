import { z } from "zod";
import { SERVICES } from "../metadata/services.ts";
import { validated } from "./fields.ts";

const serviceKey = z.enum(SERVICES.map(({ key }) => key));

/** As many as there are services: each may be a wave of its own. */
const WAVES_MAX = 16;

const gates = z
  .object({
    enabled: z
      .boolean()
      .optional()
      .describe("False: a wave only has to be ready for soakSeconds. Default true."),
    minRequests: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe(
        "Requests the gateway must have seen in a wave: no data is not success. Default 50.",
      ),
    maxErrorPercent: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe("Share of answers 5xx that fails a wave. Default 5."),
    maxDeadLetters: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe("Messages a wave may add to the broker's dead-letter queues. Default 0."),
  })
  .describe("What a wave has to show before the next one begins.");

/** How a new revision comes to the pods. */
export const rollout = z
  .object({
    strategy: z
      .enum(["AllAtOnce", "Phased"])
      .optional()
      .describe("Default AllAtOnce: every Deployment rolls at the same time."),
    waves: z
      .array(z.array(serviceKey).min(1).max(WAVES_MAX))
      .max(WAVES_MAX)
      .optional()
      .describe("Services by short name, in their order. Those not named roll in the first wave."),
    soakSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe("How long a wave is watched once it is ready. Default 60."),
    deadlineSeconds: z
      .int()
      .min(30)
      .max(7200)
      .optional()
      .describe("How long a wave may take to become ready. Default 600."),
    gates: gates.optional(),
    autoRollback: z
      .boolean()
      .optional()
      .describe(
        "Whether a failed wave brings the whole platform back to the last good revision. Default: true for Phased, false for AllAtOnce.",
      ),
  })
  .meta(
    validated({
      rule: "!has(self.waves) || self.waves.all(wave, wave.all(name, self.waves.exists_one(other, name in other)))",
      message: "rollout.waves names a service in more than one wave: leave it in one of them",
    }),
  )
  .describe("How a new revision (images, settings that pods read) comes to the pods.");

export type RolloutSpec = z.infer<typeof rollout>;

const count = z.int().min(0);
const time = z.string().meta({ format: "date-time" });
const workloads = z.array(z.string().max(63)).max(32);

/** Where a rollout stands. Everything that the next step depends on: an operator may die at any point. */
export const rolloutStatus = z.object({
  wish: z.string().max(64).describe("Hash of what the spec says about pods."),
  revision: count.describe("The revision that is in place or on its way."),
  goodRevision: count.optional().describe("The last one that was completely rolled out."),
  phase: z.enum(["Installing", "Rolling", "Stopped", "RollingBack", "RolledBack", "Settled"]),
  message: z.string().max(1024),
  wave: workloads.optional().describe("Workloads of the present wave."),
  moved: workloads.optional().describe("Workloads of the waves before."),
  waveStartedAt: time.optional(),
  soakStartedAt: time.optional(),
  baseline: z
    .object({
      pods: z
        .array(z.object({ pod: z.string().max(253), requests: count, failures: count }))
        .max(128),
      deadLetters: count,
    })
    .optional()
    .describe("What the gateway and the broker had counted when the soak began."),
  isRequested: z
    .boolean()
    .optional()
    .describe(
      "A person asked for the revision in place; otherwise the spec did, or a failed wave.",
    ),
  rollbackRequest: z
    .string()
    .max(64)
    .optional()
    .describe("The last request for an older revision that was taken up."),
  rejectedRevision: count
    .optional()
    .describe("Given up, by a failed wave or by a person; not tried again until the spec changes."),
});

export type RolloutStatus = z.infer<typeof rolloutStatus>;
