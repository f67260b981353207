/** Something in the source that keeps a promise, how to take it away, and the test that then fails. */
export type Guard = {
  readonly guard: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The test's file, and a part of its title that picks it alone. */
  readonly test: { readonly file: string; readonly title: string };
};

/** A row of one service's table: `file` from the service's folder, `test` from its folder of tests. */
export type GuardRow = Pick<Guard, "guard" | "file" | "find" | "replace"> & {
  readonly test: string;
  /** A part of the test's title that picks it alone. */
  readonly title: string;
};

/** The guards of one folder below `services`. */
export const guardsOf = (service: string, rows: readonly GuardRow[]): readonly Guard[] =>
  rows.map(({ guard, file, find, replace, test, title }) => ({
    guard,
    file: `services/${service}/${file}`,
    find,
    replace,
    test: { file: `services/${service}/test/${test}`, title },
  }));
