import { expect, it } from 'vitest';
import { nearest } from '#src/project/nearest';

it.each([
  ['enviromentVariables', 'environmentVariables'],
  ['Timeout', 'timeout'],
  ['timout', 'timeout'],
  ['code', 'code'],
  ['cod', 'code'],
  ['zzz', undefined],
  ['x', undefined],
  ['', undefined],
])('takes "%s" for %s', (typed, meant) => {
  expect(nearest(typed, ['timeout', 'code', 'environmentVariables'])).toBe(meant);
});
