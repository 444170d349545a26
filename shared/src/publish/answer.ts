import type { ItemResult } from '../concurrency/item-result.ts';
import { publicError } from '../errors/public-error.ts';
import type { HttpResponse } from '../events/index.ts';
import { json } from '../handler/json.ts';
import type { Published } from './publish.ts';

/**
 * Returns the HTTP answer to one published item: 202 with its id. Throws the item's error, for the handler
 * to answer. `names` identifies the item for the caller: `{ orderId }`.
 */
export function answerOne(outcome: ItemResult<Published> | undefined, names: object): HttpResponse {
  if (!outcome?.ok) throw outcome?.error ?? new Error('Nothing was published');
  return json(202, { ...names, ...outcome.value });
}

/**
 * Returns the HTTP answer to a list: 202 when all are published, else 207, with `results` in the items'
 * order. An item that failed has what publicError lets the caller see.
 */
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
