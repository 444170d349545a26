import { expect, it } from 'vitest';
import { differing, NAMES, plus, project } from './catalog.ts';
import { addsInPlace, holds, leavesNothing } from './holds.ts';
import { NEIGHBOURS, SINGLES } from './subsets.ts';

const ALL = project(NAMES);

it('gives the same files created and removed down to, for each function', async () => {
  for (const subset of SINGLES) await holds(subset);
});

it('leaves nothing of a function that is added and removed, for each neighbour', () => {
  for (const pair of NEIGHBOURS) leavesNothing(pair);
});

it('adds a function where create would have put it, for each neighbour', () => {
  for (const pair of NEIGHBOURS) addsInPlace(pair);
});

it('adds nothing a second time', () => {
  for (const name of NAMES) expect(differing(plus(ALL, name), ALL)).toEqual([]);
});

it('keeps within its limits: 30 files and 1,200 lines for one function, 80 files for ten, in two languages', () => {
  for (const name of NAMES) {
    const files = project([name]);
    const lines = [...files.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    expect(files.size, name).toBeLessThanOrEqual(30);
    expect(lines, name).toBeLessThanOrEqual(1200);
  }
  expect(project(NAMES.slice(0, 10)).size).toBeLessThanOrEqual(80);
  expect(project(NAMES.slice(-10)).size).toBeLessThanOrEqual(80);
});
