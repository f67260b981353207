/** A failure that a person can act on: the message is one sentence that says what to do. */
export class Failure extends Error {
  override name = "Failure";
}
