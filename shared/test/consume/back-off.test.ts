import { expect, it } from 'vitest';
import { backOffSeconds } from '#src/consume/back-off';

it('doubles the back-off with each receive up to the maximum', () => {
  const waits = [1, 2, 3, 8, 9, 1000].map((count) => backOffSeconds(count, {}, () => 1));
  expect(waits).toEqual([5, 10, 20, 640, 900, 900]);
});

it('makes the second half of the back-off random', () => {
  const spread = { firstSeconds: 100, maxSeconds: 400 };
  expect(backOffSeconds(3, spread, () => 0)).toBe(200);
  expect(backOffSeconds(3, spread, () => 0.5)).toBe(300);
});

it.each([
  [{ firstSeconds: 0 }, 1],
  [{ firstSeconds: 1e9, maxSeconds: 1e9 }, 43_200],
])('returns only what SMQ accepts, whatever %j says', (backOff, seconds) => {
  expect(backOffSeconds(1, backOff, () => 1)).toBe(seconds);
});
