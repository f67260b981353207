export type PublishFailure = "disconnected" | "unroutable" | "nacked" | "timeout";

/**
 * A message that no queue is known to hold. After `timeout` and `disconnected` it may have arrived all the same:
 * publish it again under the same id.
 */
export class PublishError extends Error {
  override readonly name = "PublishError";
  readonly failure: PublishFailure;

  constructor(failure: PublishFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
