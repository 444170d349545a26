import { expect, it } from 'vitest';
import { removed } from '#src/parts/remove';
import { differing, NAMES, plus, project } from './catalog.ts';
import { holds } from './holds.ts';
import { PAIRS, SINGLES } from './subsets.ts';

const ALL = project(NAMES);

it('gives the same files created and removed down to, for each function', async () => {
  for (const subset of SINGLES) await holds(subset);
});

it('leaves nothing of a function that is added and removed, whatever is there', () => {
  for (const [one = '', other = ''] of PAIRS) {
    const before = project([one]);
    const after = removed(plus(before, other), [other]);
    expect(differing(before, after), `${one} + ${other}`).toEqual([]);
  }
});

it('adds a function where create would have put it', () => {
  for (const [one = '', other = ''] of PAIRS) {
    expect(differing(plus(project([one]), other), project([one, other]))).toEqual([]);
    expect(differing(plus(project([other]), one), project([one, other]))).toEqual([]);
  }
});

it('adds nothing a second time', () => {
  for (const name of NAMES) expect(differing(plus(ALL, name), ALL)).toEqual([]);
});

it('keeps within its figures: 30 files and 1,200 lines for one function, 95 files for all, a README and pages in two languages among them', () => {
  for (const name of NAMES) {
    const files = project([name]);
    const lines = [...files.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    expect(files.size, name).toBeLessThanOrEqual(30);
    expect(lines, name).toBeLessThanOrEqual(1200);
  }
  expect(ALL.size).toBeLessThanOrEqual(95);
});
