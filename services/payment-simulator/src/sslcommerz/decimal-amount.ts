/** Poisha as SSLCommerz writes money: taka with two decimals. */
export const toDecimal = (poisha: number): string => (poisha / 100).toFixed(2);

/** `undefined` for anything but a positive amount with at most two decimals. */
export const fromDecimal = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,7}(\.\d{1,2})?$/.test(text)) return undefined;
  const poisha = Math.round(Number(text) * 100);
  return poisha > 0 ? poisha : undefined;
};
