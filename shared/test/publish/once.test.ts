import { expect, it } from 'vitest';
import { idempotencyKey } from '#src/publish/once';

it.each([
  ['quoted', '"a-b"', 'a-b'],
  ['bare', ' a-b ', 'a-b'],
  ['absent', undefined, undefined],
])('reads an Idempotency-Key that is %s', (_, header, key) => {
  expect(idempotencyKey({ 'idempotency-key': header })).toBe(key);
});

it.each(['', '""', 'two words', 'ü', 'x'.repeat(256)])(
  'refuses the Idempotency-Key "%s"',
  (header) => {
    expect(() => idempotencyKey({ 'idempotency-key': header })).toThrow(
      expect.objectContaining({ code: 'InvalidIdempotencyKey' }),
    );
  },
);
