/** The reason why an instance did not start, worded for the sender of the request. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
