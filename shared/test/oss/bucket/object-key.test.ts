import { expect, it } from 'vitest';
import { derivedKey, objectKey } from '#src/oss/bucket/object-key';

it.each([
  ['/photo.jpg', 'uploads/photo.jpg'],
  ['///2026/包裹 <&>.jpg', 'uploads/2026/包裹 <&>.jpg'],
  ['..photo', 'uploads/..photo'],
])('puts %j under the prefix', (name, key) => {
  expect(objectKey('uploads/', name)).toBe(key);
});

it.each([
  '',
  '/',
  '..',
  '../secret',
  'a/../b',
  'a/./b',
  'a//b',
  'a/',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'a\u0085',
  '\ud800',
])('refuses %j', (name) => {
  expect(() => objectKey('uploads/', name)).toThrow(
    expect.objectContaining({ code: 'InvalidObjectKey' }),
  );
});

it('counts the length of a key in bytes', () => {
  expect(objectKey('', '包'.repeat(341))).toHaveLength(341);
  expect(() => objectKey('', '包'.repeat(342))).toThrow(/1026 bytes, over 1023/);
});

it.each([
  ['a.png', 'out/a.png.json'],
  [`${'x'.repeat(1014)}`, `out/${'x'.repeat(1014)}.json`],
])('derives a key that is short enough from the whole name', (name, key) => {
  expect(derivedKey('out/', name, '.json')).toBe(key);
});

it.each([1015, 1016, 1023])(
  'derives a key of 1,023 bytes at most from a name of %i bytes, another for each name',
  (size) => {
    const names = ['a', 'b'].map((end) => `${'x'.repeat(size - 1)}${end}`);
    const keys = names.map((name) => derivedKey('out/', name, '.json'));
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) {
      expect(Buffer.byteLength(key)).toBe(1023);
      expect(key).toMatch(/^out\/x{900,}~[0-9a-f]{32}\.json$/);
    }
    expect(derivedKey('out/', names[0] ?? '', '.json')).toBe(keys[0]);
  },
);

it('cuts a name between its characters', () => {
  for (const character of ['包', '😀', 'é']) {
    const key = derivedKey('out/', character.repeat(400), '.json');
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1023);
    expect(key).toMatch(new RegExp(`^out/(${character})+(~[0-9a-f]{32})?\\.json$`, 'u'));
  }
});

it('reports a prefix that leaves no room', () => {
  expect(() => derivedKey('p'.repeat(1000), 'a'.repeat(30), '.json')).toThrow(
    expect.objectContaining({ code: 'InvalidObjectKey' }),
  );
});
