/** The person asked for something that can't be done as asked: a sentence, no stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
