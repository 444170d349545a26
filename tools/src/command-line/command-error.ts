/**
 * A sub-command failed for a reason outside of it. The message says in one line what was tried, why it
 * failed and what to do about it.
 */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}
