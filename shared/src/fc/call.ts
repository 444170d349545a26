import type { Credentials } from '../auth/credentials.ts';
import type { AnswerBudget } from './answer-budget.ts';

/** One call of a function, ready to send. */
export interface Call {
  /** Name of the call in errors: `InvokeFunction on "worker"`. */
  target: string;
  accountId: string;
  region: string;
  /** Scheme and host. */
  endpoint: string;
  credentials: Credentials;
  event: Buffer;
  type: 'Sync' | 'Async';
  qualifier: string | undefined;
  timeoutMs: number;
  budget: AnswerBudget;
}

/** What a called function answered. */
export interface FunctionAnswer {
  /** Id of the invocation, which is also in the called function's logs. */
  requestId: string;
  /** What the function returned; empty for an asynchronous call. */
  body: Buffer;
}

/** What both APIs return: an answer, or a function's own error. */
export interface RawAnswer extends FunctionAnswer {
  errorType: string | undefined;
  /** The body as JSON, if it says what went wrong. */
  failure: unknown;
}
