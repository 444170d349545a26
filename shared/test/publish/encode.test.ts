import { expect, it } from 'vitest';
import { encode, isTooLarge } from '#src/publish/encode';

it('reports a body as too large if it takes more than 65,536 bytes as sent', () => {
  expect(isTooLarge('x'.repeat(65_536))).toBe(false);
  expect(isTooLarge('x'.repeat(65_537))).toBe(true);
  expect(isTooLarge('&'.repeat(13_107))).toBe(false); // five bytes each
  expect(isTooLarge('&'.repeat(13_108))).toBe(true);
});

it.each([
  ['text', 'text'],
  [{ a: 1 }, '{"a":1}'],
  [null, 'null'],
  [0, '0'],
])('encodes %j', (payload, text) => {
  expect(encode(payload)).toBe(text);
});

it.each([
  [undefined, 'undefined'],
  [() => 1, 'function'],
  [Symbol('s'), 'symbol'],
])('refuses what JSON cannot hold: %o', (payload, type) => {
  expect(() => encode(payload)).toThrow(
    expect.objectContaining({
      code: 'InvalidPayload',
      message: expect.stringContaining(`Payload is ${type},`),
    }),
  );
});
