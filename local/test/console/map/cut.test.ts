import { expect, it } from 'vitest';
import { cut, cutInside } from '#src/console/map/cut';

it.each([
  ['short', 8, 'short'],
  ['exactly8', 8, 'exactly8'],
  ['longer than eight', 8, 'longer …'],
  ['汉字汉字汉字', 8, '汉字汉…'],
  ['汉字汉字', 8, '汉字汉字'],
  ['😀😀😀😀😀', 8, '😀😀😀…'],
  ['two\nlines', 20, 'two lines'],
  ['\u202Eabc', 20, '\\u202eabc'],
])('a text is cut to the width that it has: %j in %i', (text, width, shown) => {
  expect(cut(text, width)).toBe(shown);
});

it('a long name keeps its start and its end', () => {
  expect(cutInside('fc-templates-orders-dead', 20)).toBe('fc-tem…s-orders-dead');
  expect(cutInside('fc-templates-orders', 20)).toBe('fc-templates-orders');
  expect([...cutInside('汉'.repeat(100), 20)].length).toBeLessThanOrEqual(11);
  expect(cutInside('x'.repeat(100_000), 20)).toHaveLength(20);
});
