import type { BuyerPlan } from "../client/buyer.ts";
import type { runSale } from "../client/sale.ts";
import type { SalePlatform } from "../platform/sale-platform.ts";
import type { Snapshot } from "../reading/snapshot.ts";

/** Something that goes wrong while people buy. */
export type Fault = {
  readonly name: string;
  /** Provider endings of this sale; the usual mixture where there are none. */
  readonly endings?: readonly BuyerPlan["simulate"][];
  /** Nothing is done to the sale: `times` stays 0. */
  readonly passive?: true;
  /** Other clients than the usual ones. */
  readonly sell?: typeof runSale;
  /** What has to be true in the end beyond I1 to I9: a sentence for each violation. */
  readonly check?: (snapshot: Snapshot) => readonly string[];
  /** What has to stand before the sale begins. */
  readonly prepare?: (platform: SalePlatform) => Promise<void>;
  /**
   * Does it, again and again, until `signal` says that the sale is over, and leaves everything running. Answers how often it
   * was done.
   */
  readonly inject: (platform: SalePlatform, signal: AbortSignal) => Promise<number>;
  /** What has to be set right afterwards, once everything has ended. */
  readonly repair?: (platform: SalePlatform) => Promise<void>;
};
