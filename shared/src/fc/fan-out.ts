import type { ItemResult } from '../concurrency/item-result.ts';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { Deadline } from '../context/deadline.ts';
import { ServiceError, toError } from '../errors/errors.ts';
import { AnswerBudget } from './answer-budget.ts';
import type { FunctionAnswer } from './call.ts';
import { type FunctionClient, type InvokeOptions, MAX_ANSWER_BYTES, TIMEOUT_MS } from './client.ts';

export interface FunctionCall {
  /** `name`, or `service/name` for an FC 2.0 function. */
  function: string;
  event: unknown;
}

export interface FanOutOptions extends Omit<InvokeOptions, 'maxAnswerBytes'> {
  /**
   * Maximum bytes of all answers together; default 32 MiB, which is all that the caller itself may answer
   * with. An answer without room fails (`AnswerTooLarge`).
   */
  maxAnswerBytes?: number;
  /** Calls at a time; default 8. */
  concurrency?: number;
  /** When the caller itself has to answer: each call is abandoned 2 seconds before, and none is started after that. */
  deadline?: Pick<Deadline, 'remaining'>;
}

const CONCURRENCY = 8;
const RESERVE_MS = 2000;

/**
 * Makes every call, `concurrency` at a time. The results are in the calls' order; a call that fails does
 * not affect the others.
 */
export function fanOut(
  client: FunctionClient,
  calls: readonly FunctionCall[],
  {
    concurrency = CONCURRENCY,
    maxAnswerBytes = MAX_ANSWER_BYTES,
    deadline,
    ...options
  }: FanOutOptions = {},
): Promise<ItemResult<FunctionAnswer>[]> {
  const budget = new AnswerBudget(maxAnswerBytes);
  return mapConcurrently(calls, concurrency, async (call) => {
    try {
      const left = deadline ? deadline.remaining() - RESERVE_MS : Number.POSITIVE_INFINITY;
      if (left <= 0) throw notCalled(call.function);
      const timeoutMs = Math.min(options.timeoutMs ?? TIMEOUT_MS, left);
      const { function: name, event } = call;
      const value = await client.invokeWithin(budget, name, event, { ...options, timeoutMs });
      return { ok: true, value };
    } catch (error) {
      return { ok: false, error: toError(error) };
    }
  });
}

function notCalled(name: string): ServiceError {
  return new ServiceError(`InvokeFunction on "${name}" was not begun: no time is left`, {
    service: 'fc',
    code: 'NotCalled',
    remedy: "call less at a time, or raise the caller's timeout",
    retryable: true,
  });
}
