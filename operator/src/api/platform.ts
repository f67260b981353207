import { z } from "zod";
import { platformSpec } from "./spec.ts";
import { platformStatus } from "./status.ts";

export const GROUP = "jatra.dev";
export const VERSION = "v1alpha1";
export const KIND = "JatraPlatform";
export const PLURAL = "jatraplatforms";
export const SHORT_NAME = "jp";

/** A JatraPlatform as the API server hands it out; unknown fields are dropped. */
export const platformResource = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    generation: z.int(),
    resourceVersion: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    finalizers: z.array(z.string()).default([]),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: platformSpec.default({}),
  status: platformStatus.partial().optional(),
});

export type PlatformResource = z.infer<typeof platformResource>;
