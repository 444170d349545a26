/** SMQ's limits of one request: messages, and bytes of their bodies together. */
const MOST_MESSAGES = 16;
const MOST_BYTES = 64 * 1024;

/** Splits into runs that fit one request each, in order. Every item fits one by itself. */
export function batches<Item>(items: readonly Item[], bytesOf: (item: Item) => number): Item[][] {
  const result: Item[][] = [];
  let current: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    if (current.length === MOST_MESSAGES || bytes + size > MOST_BYTES) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(item);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}
