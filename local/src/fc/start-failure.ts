/** Why an instance did not come up, in words for whoever sent the request. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
