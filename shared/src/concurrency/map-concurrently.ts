/**
 * Runs `work` for each item, at most `limit` at a time, and returns the results in the items' order. After
 * the first error starts nothing more, and rejects with it once the work already started has ended.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const entries = items.entries();
  const errors: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) {
      if (errors.length > 0) return;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  const lanes = Math.max(1, Math.min(limit, items.length));
  await Promise.all(Array.from({ length: lanes }, lane));
  if (errors.length > 0) throw errors[0];
  return results;
}
