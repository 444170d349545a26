import { InvalidInputError, ServiceError } from '../errors/errors.ts';
import type { HttpResponse } from '../events/index.ts';
import { json } from '../handler/json.ts';
import type { ItemResult } from '../smq/types.ts';
import type { Published } from './publish.ts';

/**
 * The HTTP answer to one published item: 202 with its id; throws its error, for the handler to
 * answer. `names` is what the caller knows the item by: `{ orderId }`.
 */
export function answerOne(outcome: ItemResult<Published> | undefined, names: object): HttpResponse {
  if (!outcome?.ok) throw outcome?.error ?? new Error('Nothing was published');
  return json(202, { ...names, ...outcome.value });
}

/** The HTTP answer to a list: 202 when all are published, else 207; `results` in the items' order. An item that may be sent again says so, and of what is nobody's business outside it says no more. */
export function answerMany(
  outcomes: readonly ItemResult<Published>[],
  names: readonly object[],
): HttpResponse {
  const results = outcomes.map((outcome, index) => ({
    ...names[index],
    ...(outcome.ok ? outcome.value : { error: publicError(outcome.error) }),
  }));
  return json(outcomes.every(({ ok }) => ok) ? 202 : 207, { results });
}

function publicError(error: Error) {
  if (error instanceof InvalidInputError) {
    const { code, message, issues } = error;
    return { code, message, issues };
  }
  const retryable = error instanceof ServiceError && error.retryable;
  return { code: retryable ? 'TemporarilyUnavailable' : 'InternalError' };
}
