import { expect, it } from 'vitest';
import { Pace } from '#src/consume/pace';

const LONG = 60_000;

function paceOf(concurrency: number, receives: readonly number[], handlers: readonly number[]) {
  const pace = new Pace(concurrency);
  for (const ms of receives) pace.received(ms);
  for (const ms of handlers) pace.handled(ms);
  return pace;
}

it.each([
  [64, 5, 20, 16 + 16],
  [64, 20, 20, 64 + 16],
  [64, 21, 20, 64 + 16],
  [64, 5, 0, 64 + 16],
  [8, 5, 20, 2 + 8],
  [16, 10, 320, 1 + 16],
  [16, 10, 321, 0],
  [16, 10, 2000, 0],
  [16, 0, 0, 0],
  [16, 0, 20, 0],
])(
  'receives ahead of %i handlers, by receives of %i ms and handlers of %i ms: %i',
  (concurrency, receiveMs, handlerMs, ahead) => {
    expect(paceOf(concurrency, [receiveMs], [handlerMs]).ahead(LONG)).toBe(ahead);
  },
);

it('receives nothing ahead before it knows how long both take', () => {
  expect(paceOf(64, [5], []).ahead(LONG)).toBe(0);
  expect(paceOf(64, [], [20]).ahead(LONG)).toBe(0);
});

it.each([
  [46, 32],
  [45, 0],
])(
  'receives ahead with %i ms left, for a receive of 5 and two handlers of 20: %i',
  (left, ahead) => {
    expect(paceOf(64, [5], [20]).ahead(left)).toBe(ahead);
  },
);

it('takes the mean of the first values, and later counts a new one as an eighth or a thirty-second', () => {
  // 64 handlers of 16 ms: four start in a millisecond.
  expect(paceOf(64, [3, 5, 4], [16]).ahead(LONG)).toBe(16 + 16);
  const receives = [...Array(20).fill(4), 11];
  expect(paceOf(64, receives, [16]).ahead(LONG)).toBe(20 + 16);
  const handlers = [...Array(100).fill(16), 16 * 33];
  expect(paceOf(64, [4.24], handlers).ahead(LONG)).toBe(8 + 16);
});

it('takes a time that is negative, after the clock was set back, for none', () => {
  expect(paceOf(64, [4], [32, -1e9]).ahead(LONG)).toBe(16 + 16);
});
