import { randomUUID } from 'node:crypto';
import type { Order } from '../functions/order.ts';

/** Returns a valid order, with the changes a test wants. */
export function anOrder(change: Partial<Order> = {}): Order {
  return {
    id: `order-${randomUUID().slice(0, 8)}`,
    customer: 'Ada',
    items: [{ sku: 'tea', quantity: 2 }],
    ...change,
  };
}
