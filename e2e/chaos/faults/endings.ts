import type { BuyerPlan } from "../client/buyer.ts";
import type { Fault } from "./fault.ts";

const nothing = async (): Promise<number> => 0;

/** Nothing goes wrong: what the checkers say here, they say of the platform at rest. */
export const noFault: Fault = { name: "none (for comparison)", passive: true, inject: nothing };

/** The provider's own ways to go wrong, one at a time. */
export const providerEnding = (ending: BuyerPlan["simulate"]): Fault => ({
  name: `provider: ${ending}`,
  endings: [ending],
  passive: true,
  inject: nothing,
});
