/** The client went away (or stopped sending) before its body was complete. */
export class BodyIncompleteError extends Error {
  override readonly name = "BodyIncompleteError";
}
