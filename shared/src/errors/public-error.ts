import { InvalidInputError, type Issue, isTransient } from './errors.ts';

/** What the caller of a function may learn about an error; the rest is for the logs. */
export interface PublicError {
  /** Status of the HTTP answer. */
  status: number;
  /** The error's own code if the caller is to blame, else `TemporarilyUnavailable` or `InternalError`. */
  code: string;
  message: string;
  issues?: readonly Issue[];
  /** Whether the same request may succeed later. */
  retryable: boolean;
}

/**
 * Returns the part of an error that its caller may see: everything about wrong input, and about anything
 * else only whether to send the request again.
 */
export function publicError(error: unknown): PublicError {
  if (error instanceof InvalidInputError) {
    const { status, code, message, issues } = error;
    return { status, code, message, issues, retryable: false };
  }
  const message = 'The request could not be handled';
  return isTransient(error)
    ? { status: 503, code: 'TemporarilyUnavailable', message, retryable: true }
    : { status: 500, code: 'InternalError', message, retryable: false };
}
