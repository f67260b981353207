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
