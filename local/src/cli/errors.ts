import { CommanderError } from 'commander';
import { LocalCloudError } from '../errors.ts';

/** An error of a command, reported in one line; the exit code is 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** An option, a value or an argument that a command does not accept; the exit code is 2. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}

/** Returns the exit code of a command that ended with that error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return error instanceof UsageError ? 2 : 1;
}

/** Returns the error in one line; with the stack when it is a bug. */
export function explain(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
  if (error instanceof CommanderError) return explainUsage(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Returns the command line parser's message, which has up to two lines, with a word in front. */
function explainUsage({ message }: CommanderError): string {
  const line = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return `${line}; --help lists what there is`;
}
