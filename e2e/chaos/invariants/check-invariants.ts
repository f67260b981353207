import type { Snapshot } from "../reading/snapshot.ts";
import { i1OneOwner } from "./i1-one-owner.ts";
import { i2OneKeptCapture } from "./i2-one-kept-capture.ts";
import { i3CapturedHasEffect } from "./i3-captured-has-effect.ts";
import { i4AbandonedHoldsEnd } from "./i4-abandoned-holds-end.ts";
import { i5WholeHolds } from "./i5-whole-holds.ts";
import { i6KeysRunOnce } from "./i6-keys-run-once.ts";
import { i7OnlyOwnersAct } from "./i7-only-owners-act.ts";
import { i8AcceptedEnds } from "./i8-accepted-ends.ts";
import { i9SoldPaidTicketed } from "./i9-sold-paid-ticketed.ts";

export const invariants = {
  I1: i1OneOwner,
  I2: i2OneKeptCapture,
  I3: i3CapturedHasEffect,
  I4: i4AbandonedHoldsEnd,
  I5: i5WholeHolds,
  I6: i6KeysRunOnce,
  I7: i7OnlyOwnersAct,
  I8: i8AcceptedEnds,
  I9: i9SoldPaidTicketed,
} as const satisfies Record<string, (snapshot: Snapshot) => string[]>;

/** Every violation as a sentence that begins with the invariant's name; empty when all nine hold. */
export const checkInvariants = (snapshot: Snapshot): string[] =>
  Object.entries(invariants).flatMap(([name, check]) =>
    check(snapshot).map((violation) => `${name}: ${violation}`),
  );
