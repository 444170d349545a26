import { expect, it } from 'vitest';
import { mapConcurrently } from '#src/concurrency/map-concurrently';

it('keeps the order, and never runs more at a time than allowed', async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (ticks, index) => {
    most = Math.max(most, ++running);
    for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate);
    running--;
    return [index, ticks];
  });
  expect(results).toEqual([
    [0, 5],
    [1, 1],
    [2, 4],
    [3, 2],
    [4, 3],
  ]);
  expect(most).toBe(2);
});

it('lets running work end, starts nothing more, and throws the first error', async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await new Promise(setImmediate);
    if (item === 1) throw new Error('one');
  };
  await expect(mapConcurrently([0, 1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('one');
  expect(begun).toEqual([0, 1, 2]);
});

it('returns no results for no items', async () => {
  expect(await mapConcurrently([], 8, async () => 1)).toEqual([]);
});
