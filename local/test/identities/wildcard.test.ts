import { expect, it } from 'vitest';
import { matchesWildcard } from '#src/identities/wildcard';

it.each([
  ['*', '', true],
  ['*', 'a/b/c', true],
  ['a*c', 'ac', true],
  ['a*c', 'a/b/c', true],
  ['a*c', 'a/b/cd', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['orders/*', 'orders/', true],
  ['orders/*', 'orders', false],
  ['*-orders*', 'app-orders-dead', true],
  ['**', 'x', true],
  ['', '', true],
  ['', 'x', false],
  ['a.c', 'abc', false],
  ['a[bc]', 'ab', false],
  ['Orders', 'orders', false],
])('pattern "%s" on "%s" is %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

it('takes no exponential time on a pattern full of stars', () => {
  const pattern = `${'*a'.repeat(40)}b`;
  expect(matchesWildcard(pattern, 'a'.repeat(5000))).toBe(false);
});
