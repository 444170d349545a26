import { expect, it } from 'vitest';
import { entryNames } from '#src/oss/archive/entry-names';

it.each([
  ['a/b.txt', 'a/b.txt'],
  ['../../etc/passwd', '_/_/etc/passwd'],
  ['a/../b', 'a/_/b'],
  ['a/./b', 'a/b'],
  ['a//b', 'a/b'],
  ['a/', 'a'],
  ['.../x', '_/x'],
  ['..', '_'],
  ['a\\..\\b', 'a_.._b'],
  ['C:/windows', 'C_/windows'],
  ['line\nbreak\u0000', 'line_break_'],
  ['包裹 📦/ü', '包裹 📦/ü'],
  ['.hidden', '.hidden'],
])('makes %j the path %j', (key, path) => {
  expect(entryNames([key])).toEqual([path]);
});

it('distinguishes keys that would give the same path, or paths that differ only in case', () => {
  expect(entryNames(['a/b.txt', 'a//b.txt', 'A/B.TXT', 'e\u0301', '\u00e9'])).toEqual([
    'a/b.txt',
    'a/b (2).txt',
    'A/B (2).TXT'.replace('(2)', '(3)'),
    'e\u0301',
    '\u00e9 (2)',
  ]);
});

it('does not make a file of a path that is another one’s folder', () => {
  expect(entryNames(['logs', 'logs/1', 'Logs.d/x', 'logs.d'])).toEqual([
    'logs (2)',
    'logs/1',
    'Logs.d/x',
    'logs (2).d',
  ]);
});
