/** Work that may be under way for `max` of the time (0.05), unless it would have to rest for longer than `restMaxMs`. */
export type BusyShare = { readonly max: number; readonly restMaxMs: number };

/** How long to rest after a run that took `tookMs`: `everyMs`, or longer where the run has had more than its share. */
export const restAfter = (
  tookMs: number,
  everyMs: number,
  busyShare: BusyShare | undefined,
): number => {
  if (!busyShare) return everyMs;
  const fair = tookMs * (1 / busyShare.max - 1);
  return Math.max(everyMs, Math.min(fair, busyShare.restMaxMs));
};
