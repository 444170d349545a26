import { expect, it } from 'vitest';
import { isTooDeep, MAX_JSON_DEPTH } from '#src/schema/depth';

const lists = (depth: number, content = '') => '['.repeat(depth) + content + ']'.repeat(depth);

it('accepts lists and objects nested as deep as allowed, and no deeper', () => {
  expect(isTooDeep(lists(MAX_JSON_DEPTH))).toBe(false);
  expect(isTooDeep(lists(MAX_JSON_DEPTH + 1))).toBe(true);
  expect(isTooDeep(lists(MAX_JSON_DEPTH, '{}'))).toBe(true);
  expect(isTooDeep(`[${'{},'.repeat(1000)}0]`)).toBe(false);
  const pairs = (count: number) => `${'{"a":['.repeat(count)}${']}'.repeat(count)}`;
  expect(isTooDeep(pairs(MAX_JSON_DEPTH / 2))).toBe(false);
  expect(isTooDeep(`[${pairs(MAX_JSON_DEPTH / 2)}]`)).toBe(true);
});

it('does not count brackets in strings', () => {
  const text = JSON.stringify({ [lists(200)]: `"\\${lists(200)}\\\\`, 'a\\': lists(200), b: [1] });
  expect(isTooDeep(text)).toBe(false);
  expect(isTooDeep(`["\\\\",${lists(MAX_JSON_DEPTH)}]`)).toBe(true);
  expect(isTooDeep(`["\\"${lists(200)}`)).toBe(false); // a text without an end
});
