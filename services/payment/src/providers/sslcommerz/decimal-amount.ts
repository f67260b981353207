/** Poisha as SSLCommerz writes money: taka with two decimals. */
export const toDecimal = (poisha: number): string => (poisha / 100).toFixed(2);

/** `undefined` for what is no amount: then nothing is believed. */
export const fromDecimal = (text: string): number | undefined =>
  /^\d{1,10}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined;
