import { randomUUID } from "node:crypto";
import type { ApiClient } from "../runtime/api-client.ts";

export interface EventSubject {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

export interface PlatformEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase, for machines. */
  readonly reason: string;
  /** What the operator was doing. */
  readonly action: string;
  readonly note: string;
}

export type RecordEvent = (subject: EventSubject, event: PlatformEvent) => Promise<void>;

/** The same event isn't told twice within this time: it is news once. */
const QUIET_MS = 10 * 60_000;
const REMEMBERED_MAX = 1000;
const NOTE_LENGTH_MAX = 1000;

/** Writes events of events.k8s.io/v1 about a platform. Losing one never fails a reconcile. */
export function createEventRecorder(
  client: ApiClient,
  instance: string,
  onError: (error: unknown) => void,
): RecordEvent {
  const toldAt = new Map<string, number>();
  return async (subject, event) => {
    const key = `${subject.uid}/${event.reason}/${event.note}`;
    const now = Date.now();
    if (now - (toldAt.get(key) ?? -QUIET_MS) < QUIET_MS) return;
    if (toldAt.size >= REMEMBERED_MAX) toldAt.clear();
    toldAt.set(key, now);
    try {
      await client.call({
        method: "POST",
        path: `/apis/events.k8s.io/v1/namespaces/${subject.namespace}/events`,
        body: {
          apiVersion: "events.k8s.io/v1",
          kind: "Event",
          metadata: { name: `${subject.name}.${randomUUID()}`, namespace: subject.namespace },
          eventTime: microTime(now),
          reportingController: "jatra.dev/operator",
          reportingInstance: instance,
          action: event.action,
          reason: event.reason,
          regarding: { apiVersion: "jatra.dev/v1alpha1", kind: "JatraPlatform", ...subject },
          note: event.note.slice(0, NOTE_LENGTH_MAX),
          type: event.type,
        },
      });
    } catch (error) {
      onError(error);
    }
  };
}

/** Six digits of a second: with three, the API server refuses the time. */
function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
