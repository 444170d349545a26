import { CommandError } from './command-error.ts';
import { UsageError } from './usage-error.ts';

/**
 * Describes an error in one line if a person can do something about it: wrong usage, something that a file
 * of the project, a service or the environment refuses, source that does not compile. For any other error,
 * which is a bug, returns the stack.
 */
export async function explain(error: unknown): Promise<string> {
  if (error instanceof UsageError || error instanceof CommandError) return error.message;
  // They are loaded already if the error is one of theirs, and not needed if nothing fails.
  const [{ LocalCloudError }, { AppError }] = await Promise.all([
    import('fc-local/project'),
    import('fc-kit/handler'),
  ]);
  if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
  // Code, remedy and request id are in the message.
  if (error instanceof AppError) return error.message;
  if (isRefusedPath(error)) return `${error.path}: ${reasonOf(error)}`;
  // esbuild's BuildFailure: its messages name file and line.
  if (error instanceof Error && 'errors' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Reasons for what a file system reports about a path that a person gave. */
const REASONS: Record<string, string> = {
  EACCES: 'you may not write or read it; give another, or change who may',
  EPERM: 'you may not write or read it; give another, or change who may',
  EROFS: 'its disk can only be read; give another',
  ENOSPC: 'its disk is full; make room and try again',
  EDQUOT: 'its disk is full for you; make room and try again',
  ENOTDIR: 'a part of it is a file, not a folder; give another',
  ENAMETOOLONG: 'it is too long; give a shorter one',
};

type RefusedPath = NodeJS.ErrnoException & { path: string };

function isRefusedPath(error: unknown): error is RefusedPath {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && path !== undefined && Object.hasOwn(REASONS, code ?? '');
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): string {
  return `${REASONS[code]} (${code})`;
}
