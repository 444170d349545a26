/** A sub-command, an argument or an option that the command does not have, or a value it cannot take. The message names the value and says what is wanted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
