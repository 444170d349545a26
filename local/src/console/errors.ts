import { FcError } from '../fc/errors.ts';
import { OssError } from '../oss/errors.ts';
import { SmqError } from '../smq/errors.ts';

/** A request that the console cannot answer; the message gives the reason and the remedy. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  constructor(
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Converts a service's refusal, which keeps its status and code. Undefined for an unexpected error.
 */
export function toConsoleError(error: unknown): ConsoleError | undefined {
  if (error instanceof ConsoleError) return error;
  if (error instanceof SmqError || error instanceof OssError || error instanceof FcError)
    return new ConsoleError(error.status, `${error.code}: ${error.message}`, { cause: error });
  return undefined;
}
