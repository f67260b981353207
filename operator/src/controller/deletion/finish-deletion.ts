import { z } from "zod";
import { platformResource } from "../../api/platform.ts";
import { resolve } from "../../desired/resolve.ts";
import { FINALIZER_BROKER } from "../../metadata/labels.ts";
import type { ObservedObject } from "../../metadata/observed-object.ts";
import { contextOf } from "../context-of.ts";
import type { PlatformEvent } from "../event-recorder.ts";
import { brokerLogin } from "../messaging-of.ts";
import { observe } from "../observe.ts";
import type { ManagementLogin } from "../rabbitmq/management-api.ts";
import type { ReconcileTools } from "../reconcile-tools.ts";
import { endTopology } from "./end-topology.ts";
import { dropFinalizer } from "./keep-finalizer.ts";

/**
 * A broker that restarts is mostly back by then. Whoever deletes a platform wants it gone: after this the resource goes all the
 * same, and what is left in the broker is told.
 */
const PATIENCE_SECONDS = 60;

/** Read apart from the spec, which an older operator may have taken and this one not: the resource has to be able to go. */
const deletedResource = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string(),
    finalizers: z.array(z.string()).default([]),
    deletionTimestamp: z.string(),
  }),
});

/** Does what has to be done before a deleted platform goes. Throws to be called again, until its patience is at an end. */
export async function finishDeletion(
  tools: ReconcileTools,
  deleted: ObservedObject,
): Promise<void> {
  const { metadata } = deletedResource.parse(deleted.raw);
  if (!metadata.finalizers.includes(FINALIZER_BROKER)) return;
  try {
    const login = async () => await loginOf(tools, deleted);
    const { note } = await endTopology(tools.client, deleted, tools.cache.platforms(), login);
    if (note !== undefined) await tools.record(deleted, news("Normal", "BrokerCleared", note));
  } catch (error) {
    const sinceMs = Date.parse(tools.now()) - Date.parse(metadata.deletionTimestamp);
    if (sinceMs < PATIENCE_SECONDS * 1000) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    const note = `Queues, exchanges and policies were left in the broker, tried for ${PATIENCE_SECONDS} s: ${cause}`;
    await tools.record(deleted, news("Warning", "BrokerLeft", note));
  }
  await dropFinalizer(tools.client, metadata);
}

async function loginOf(
  tools: ReconcileTools,
  deleted: ObservedObject,
): Promise<ManagementLogin | undefined> {
  const platform = resolve(platformResource.parse(deleted.raw), tools.images);
  return brokerLogin(
    contextOf(tools, platform, await observe(tools.cache, tools.secrets, platform)),
  );
}

function news(type: PlatformEvent["type"], reason: string, note: string): PlatformEvent {
  return { type, reason, action: "Delete", note };
}
