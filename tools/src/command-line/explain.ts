import { CommandError } from './command-error.ts';
import { UsageError } from './usage-error.ts';

/**
 * What went wrong in one line where it is an error that a person can do something about: wrong usage,
 * what a file of the project, a service or the environment refuses, source that does not compile. For
 * anything else, which is a bug, the stack.
 */
export async function explain(error: unknown): Promise<string> {
  if (error instanceof UsageError || error instanceof CommandError) return error.message;
  // Loaded by now if the error is one of theirs, and not needed where nothing fails.
  const [{ LocalCloudError }, { AppError }] = await Promise.all([
    import('fc-local/project'),
    import('fc-kit/handler'),
  ]);
  if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
  // Code, remedy and request id are in the message.
  if (error instanceof AppError) return error.message;
  // esbuild's BuildFailure: its messages name file and line.
  if (error instanceof Error && 'errors' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
