import type { ItemResult } from '../concurrency/item-result.ts';
import { quote } from '../errors/cut.ts';
import { InvalidInputError, ServiceError } from '../errors/errors.ts';
import { publicError } from '../errors/public-error.ts';
import type { HttpResponse } from '../events/index.ts';
import { json } from '../handler/json.ts';
import type { FunctionAnswer } from './call.ts';
import { parsed } from './errors.ts';
import type { FunctionCall } from './fan-out.ts';

/**
 * Throws an InvalidInputError (`FunctionNotAllowed`) that names the calls of functions not on the list.
 * Call it before using the events.
 */
export function checkAllowed(
  calls: readonly Pick<FunctionCall, 'function'>[],
  names: readonly string[],
): void {
  const allowed = new Set(names.map((name) => name.trim()));
  const issues = calls.flatMap(({ function: name }, index) =>
    allowed.has(name) ? [] : [{ path: `calls[${index}].function`, message: `not ${quote(name)}` }],
  );
  if (issues.length > 0)
    throw new InvalidInputError('A function is called that may not be', {
      code: 'FunctionNotAllowed',
      remedy: 'call the functions in FUNCTION_NAMES',
      issues,
    });
}

/**
 * Makes the HTTP answer: 200 when every call succeeded, else 207, with `results` in the calls' order. What
 * a function returned is given as JSON if it is JSON, else as text.
 */
export function answerCalls(
  calls: readonly FunctionCall[],
  outcomes: readonly ItemResult<FunctionAnswer>[],
): HttpResponse {
  const results = outcomes.map((outcome, index) => {
    const called = { function: calls[index]?.function };
    if (!outcome.ok) return { ...called, error: callError(outcome.error) };
    const { requestId, body } = outcome.value;
    return { ...called, requestId, ...(body.length > 0 && { result: readable(body) }) };
  });
  return json(outcomes.every(({ ok }) => ok) ? 200 : 207, { results });
}

function readable(body: Buffer): unknown {
  return parsed(body) ?? body.toString('utf8');
}

/**
 * The caller named the function, so it may see how the call failed and the request id to ask about; the
 * message stays in the logs.
 */
function callError(error: Error) {
  if (!(error instanceof ServiceError)) {
    const { status: _, ...known } = publicError(error);
    return known;
  }
  const { code, requestId, retryable } = error;
  return { code, ...(requestId !== undefined && { requestId }), retryable };
}
