/**
 * A sub-command, argument or option that the command does not have, or a value it does not accept. The
 * message names the value and says what is expected.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
