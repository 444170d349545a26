import { expect, it } from 'vitest';
import { cut, quote } from '#src/errors/cut';
import { AppError, InvalidInputError } from '#src/errors/errors';

it('leaves a short text unchanged, and marks the end of a cut one', () => {
  expect(cut('x'.repeat(200))).toBe('x'.repeat(200));
  expect(cut('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
  expect(cut('abc', 2)).toBe('ab…');
  expect(quote('a"\n')).toBe('"a\\"\\n"');
});

it('splits no character', () => {
  expect(cut('a📦b', 2)).toBe('a…');
  expect(cut('a📦b', 3)).toBe('a📦…');
});

it('limits an error’s message, whatever it quotes; its remedy stays whole', () => {
  const error = new AppError('x'.repeat(9_000_000), { code: 'C', remedy: 'shorten it' });
  expect(error.message).toMatch(/^x{10000}…: shorten it$/);
});

it('limits the issues of wrong input', () => {
  const issue = { path: 'p'.repeat(1000), message: 'm'.repeat(1000) };
  const issues = Array.from({ length: 1000 }, () => issue);
  const error = new InvalidInputError('wrong', { code: 'C', issues });
  expect(error.issues).toHaveLength(100);
  expect(error.issues[0]).toEqual({ path: `${'p'.repeat(300)}…`, message: `${'m'.repeat(300)}…` });
});
