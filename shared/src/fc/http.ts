import { InvalidInputError, ServiceError } from '../errors/errors.ts';
import type { HttpResponse } from '../events/index.ts';
import { json } from '../handler/json.ts';
import type { ItemResult } from '../smq/types.ts';
import type { Invocation } from './client.ts';
import { parsed } from './errors.ts';
import type { FunctionCall } from './fan-out.ts';

/** Throws an InvalidInputError (`FunctionNotAllowed`) naming the calls of functions that are not on the list. */
export function checkAllowed(calls: readonly FunctionCall[], names: readonly string[]): void {
  const allowed = new Set(names.map((name) => name.trim()));
  const issues = calls.flatMap(({ function: name }, index) =>
    allowed.has(name) ? [] : [{ path: `calls[${index}].function`, message: `not "${name}"` }],
  );
  if (issues.length > 0)
    throw new InvalidInputError('A function is called that may not be', {
      code: 'FunctionNotAllowed',
      remedy: 'call the functions in FUNCTION_NAMES',
      issues,
    });
}

/** The HTTP answer: 200 when every call succeeded, else 207; `results` in the calls' order. What a function returned is given as JSON where it is that, else as text. */
export function answerCalls(
  calls: readonly FunctionCall[],
  outcomes: readonly ItemResult<Invocation>[],
): HttpResponse {
  const results = outcomes.map((outcome, index) => {
    const called = { function: calls[index]?.function };
    if (!outcome.ok) return { ...called, error: told(outcome.error) };
    const { requestId, body } = outcome.value;
    return { ...called, requestId, ...(body.length > 0 && { result: readable(body) }) };
  });
  return json(outcomes.every(({ ok }) => ok) ? 200 : 207, { results });
}

function readable(body: Buffer): unknown {
  return parsed(body) ?? body.toString('utf8');
}

/** The code and the request id to ask about; the message stays in the logs. */
function told(error: Error) {
  if (!(error instanceof ServiceError)) return { code: 'InternalError' };
  const { code, requestId, retryable } = error;
  return { code, ...(requestId !== undefined && { requestId }), retryable };
}
