import { FcError } from '../fc/errors.ts';
import { OssError } from '../oss/errors.ts';
import { SmqError } from '../smq/errors.ts';

/** A request that the console cannot answer; the message says what is wrong and what to do. */
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

/** What a service refused keeps its status and code. Undefined for what was not expected. */
export function toConsoleError(error: unknown): ConsoleError | undefined {
  if (error instanceof ConsoleError) return error;
  if (error instanceof SmqError || error instanceof OssError || error instanceof FcError)
    return new ConsoleError(error.status, `${error.code}: ${error.message}`, { cause: error });
  return undefined;
}
