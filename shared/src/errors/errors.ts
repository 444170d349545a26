import { cut } from './cut.ts';

export interface AppErrorOptions extends ErrorOptions {
  /** Stable code, for programs and alerts: `MissingCredentials`, `QueueNotExist`. */
  code: string;
  /** What the reader can do about it: a sentence without a full stop. */
  remedy?: string;
}

/** Maximum characters of an error's message, without its remedy. */
const MAX_MESSAGE_LENGTH = 10_000;
/** Maximum characters of an issue's path, and of its message. */
const MAX_ISSUE_LENGTH = 300;
/** Maximum number of issues: a log line holds 32 KB. */
const MAX_ISSUES = 100;

/**
 * Base of every error that is thrown on purpose here. Its message says what failed, quotes values and never
 * holds a secret; it is cut after 10,000 characters.
 */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(message: string, options: AppErrorOptions) {
    const said = cut(message, MAX_MESSAGE_LENGTH);
    super(options.remedy ? `${said}: ${options.remedy}` : said, options);
    this.code = options.code;
    this.remedy = options.remedy;
  }
}

/** Something is missing or wrong in the environment, s.yaml or the function's role: retrying does not help. */
export class ConfigurationError extends AppError {
  override readonly name = 'ConfigurationError';
}

/** There is no usable credential. The message names the missing value and where it should come from. */
export class CredentialsError extends AppError {
  override readonly name = 'CredentialsError';
}

/** One fault of an input: where it is and what is expected. */
export interface Issue {
  /** Path into the value, such as `items[0].quantity`; empty for the value itself. */
  path: string;
  message: string;
}

export interface InvalidInputErrorOptions extends AppErrorOptions {
  issues?: readonly Issue[];
  /**
   * The HTTP status to answer the caller with; default 400. With 409 the input conflicts with the present
   * state and may succeed later.
   */
  status?: number;
}

/**
 * Input from outside that cannot be used. Its caller may see code, message and issues. It holds the first
 * 100 issues, the path and message of each cut after 300 characters.
 */
export class InvalidInputError extends AppError {
  override readonly name = 'InvalidInputError';
  readonly issues: readonly Issue[];
  readonly status: number;

  constructor(message: string, options: InvalidInputErrorOptions) {
    super(message, options);
    this.issues = (options.issues ?? []).slice(0, MAX_ISSUES).map(({ path, message: wanted }) => ({
      path: cut(path, MAX_ISSUE_LENGTH),
      message: cut(wanted, MAX_ISSUE_LENGTH),
    }));
    this.status = options.status ?? 400;
  }
}

export interface ServiceErrorOptions extends AppErrorOptions {
  service: 'smq' | 'oss' | 'sts' | 'fc' | 'mpaas' | 'ros' | 'log';
  /** HTTP status; absent when no answer came (a timeout, a reset connection). */
  status?: number;
  /** The service's id of the request, for its support staff. */
  requestId?: string;
  /** True when the same request may succeed later. */
  retryable?: boolean;
}

/** A cloud service refused or failed a request. `code` is the service's own if it gave one. */
export class ServiceError extends AppError {
  override readonly name: string = 'ServiceError';
  readonly service: ServiceErrorOptions['service'];
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryable: boolean;

  constructor(message: string, options: ServiceErrorOptions) {
    super(message, options);
    this.service = options.service;
    this.status = options.status;
    this.requestId = options.requestId;
    this.retryable = options.retryable ?? false;
  }
}

/** Whether the same request may succeed later: the service or the connection failed, not the request. */
export function isTransient(error: unknown): boolean {
  return error instanceof ServiceError && error.retryable;
}

/**
 * Whether the same request may succeed after an answer with that status, or none, that the service itself
 * did not decide on: unless it is a 4xx other than a time-out (408) and too many requests (429).
 */
export function mayPass(status: number | undefined): boolean {
  return status === undefined || status < 400 || status >= 500 || status === 408 || status === 429;
}

/** Returns what was thrown as an Error, whatever it is. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Whether `error` is one of ours with that code. */
export function hasCode(error: unknown, code: string): error is AppError {
  return error instanceof AppError && error.code === code;
}
