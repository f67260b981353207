/** The items without those whose name an earlier one has: what a statement over many is to write, where the first comer counts. */
export const firstOfEach = <T>(items: readonly T[], nameOf: (item: T) => string): T[] => {
  const first = new Map<string, T>();
  for (const item of items) {
    const name = nameOf(item);
    if (!first.has(name)) first.set(name, item);
  }
  return [...first.values()];
};
