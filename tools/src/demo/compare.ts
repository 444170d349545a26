import { isDeepStrictEqual } from 'node:util';
import type { SampleOrder } from '../sample/orders.ts';

/** An object as it was read back. */
export interface StoredObject {
  key: string;
  body: string;
}

/**
 * Compares what was sent with what is stored: an order counts as stored only if its object's content is
 * equal to it.
 */
export function compare(
  sent: readonly SampleOrder[],
  stored: readonly StoredObject[],
): { objects: number; lost: number; duplicates: number } {
  const found = new Map<string, unknown[]>(sent.map((order) => [order.id, []]));
  for (const { body } of stored) {
    const content = parse(body);
    found.get(content.id)?.push(content);
  }
  const copies = [...found.values()];
  return {
    objects: copies.reduce((sum, list) => sum + list.length, 0),
    lost: sent.filter(
      (order) => !found.get(order.id)?.some((content) => isDeepStrictEqual(content, order)),
    ).length,
    duplicates: copies.reduce((sum, list) => sum + Math.max(0, list.length - 1), 0),
  };
}

function parse(body: string): { id: string } {
  try {
    const content: unknown = JSON.parse(body);
    if (typeof content === 'object' && content !== null && 'id' in content)
      return { ...content, id: String(content.id) };
  } catch {
    // Half an object, or not one of these orders: its order is reported as lost.
  }
  return { id: '' };
}
