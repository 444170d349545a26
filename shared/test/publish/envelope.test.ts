import { expect, it } from 'vitest';
import { cloudEvent, unwrap } from '#src/publish/envelope';
import { idempotencyKey } from '#src/publish/once';

it('unwraps what it has wrapped, and nothing else', () => {
  const event = cloudEvent({ a: 1 }, { source: 'urn:a', type: 'b', id: 'c', traceparent: 'd' }, 0);
  expect(event).toMatchObject({ id: 'c', time: '1970-01-01T00:00:00.000Z', traceparent: 'd' });
  expect(unwrap(event)).toEqual({ a: 1 });
  for (const other of [null, 'text', 7, [1], { specversion: '1.0' }, { ...event, id: 7 }])
    expect(unwrap(other)).toBe(other);
});

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
