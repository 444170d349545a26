import { expect, it } from 'vitest';
import { objectKey } from '#src/oss/bucket/object-key';

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
