import type { ItemResult } from '../concurrency/item-result.ts';
import { publicError } from '../errors/public-error.ts';
import type { HttpResponse } from '../events/index.ts';
import { json } from '../handler/json.ts';
import type { Published } from './publish.ts';

/**
 * The HTTP answer to one published item: 202 with its id; throws its error, for the handler to
 * answer. `names` is what the caller knows the item by: `{ orderId }`.
 */
export function answerOne(outcome: ItemResult<Published> | undefined, names: object): HttpResponse {
  if (!outcome?.ok) throw outcome?.error ?? new Error('Nothing was published');
  return json(202, { ...names, ...outcome.value });
}

/** The HTTP answer to a list: 202 when all are published, else 207; `results` in the items' order. An item that failed says what publicError lets the caller learn. */
export function answerMany(
  outcomes: readonly ItemResult<Published>[],
  names: readonly object[],
): HttpResponse {
  const results = outcomes.map((outcome, index) => ({
    ...names[index],
    ...(outcome.ok ? outcome.value : { error: itemError(outcome.error) }),
  }));
  return json(outcomes.every(({ ok }) => ok) ? 202 : 207, { results });
}

function itemError(error: Error) {
  const { status: _, retryable: __, ...known } = publicError(error);
  return known;
}
