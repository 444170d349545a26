import { expect, it } from 'vitest';
import { SortedKeys } from '#src/sorted-keys';
import { seededRandom } from '#test/seeded-random';

it('gives its keys in order from any one on, as a sorted array would', () => {
  const random = seededRandom(5);
  const keys = new SortedKeys();
  const known = new Set<string>();
  for (let step = 0; step < 3000; step++) {
    const key = `k${random(300)}`;
    if (random(3) > 0) {
      keys.add(key);
      known.add(key);
    } else {
      keys.remove(key);
      known.delete(key);
    }
  }
  const sorted = [...known].sort();
  expect([...keys.from('')]).toEqual(sorted);
  for (const first of ['k1', 'k150', 'k2999', 'z'])
    expect([...keys.from(first)]).toEqual(sorted.filter((key) => key >= first));
});
