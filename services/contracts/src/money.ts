import { z } from "zod";

/** Always an integer of the smallest unit: 100 poisha are one taka. */
export const amountSchema = z.int().min(0).max(1_000_000_000).describe("in poisha");
export const currencySchema = z.literal("BDT");
export const moneySchema = z.object({ amount: amountSchema, currency: currencySchema });
export type Money = z.infer<typeof moneySchema>;
