import { readProject } from 'fc-local/project';
import { expect, it } from 'vitest';
import { RULES } from '#src/check/rules/all-rules';
import { leftovers } from '#src/parts/leftovers';
import { removed } from '#src/parts/remove';
import { viewProject } from '#src/project/view';
import { differing, NAMES, plus, project } from './catalog.ts';
import { PAIRS, randomSubsets, SEED, SINGLES, type Subset } from './subsets.ts';
import { written } from './written.ts';

const ALL = project(NAMES);
/** A busy machine is ten times slower. */
const SLOW_MS = 600_000;
const others = (subset: Subset) => NAMES.filter((name) => !subset.includes(name));
/** What a function names though it is not there: whom it calls. */
const CALLERS = ['function-invoker', 'queue-fleet'];

/** Created is the same as removed down to, in any order; the rules find nothing; the local cloud reads it. */
async function holds(subset: Subset): Promise<void> {
  const created = project(subset);
  const forwards = others(subset).reduce((files, name) => removed(files, [name]), ALL);
  expect(differing(created, forwards), `${subset}, one by one`).toEqual([]);

  const root = await written(created);
  const view = await viewProject(root);
  const findings = Object.values(RULES).flatMap((rule) => rule(view));
  expect(findings.filter(({ remedy }) => !remedy.startsWith('fc-templates build'))).toEqual([]);
  const read = await readProject({ dir: root, env: {}, dotEnv: false, accountId: '42' });
  expect(read.functions.map(({ resource }) => resource)).toEqual(subset);
  expect(read.warnings).toEqual([]);
  if (!subset.some((name) => CALLERS.includes(name)))
    for (const name of others(subset)) {
      const named = leftovers(created, name).filter((place) => !/^test\/functions\//.test(place));
      expect(named, `${subset} names ${name}`).toEqual([]);
    }
}

it(
  'gives the same files created and removed down to, for each function and each two',
  async () => {
    for (const subset of [...SINGLES, ...PAIRS]) await holds(subset);
  },
  SLOW_MS,
);

it(
  `does so for 40 subsets by chance (SUBSET_SEED=${SEED})`,
  async () => {
    for (const subset of randomSubsets(40)) await holds(subset);
  },
  SLOW_MS,
);

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

it('keeps within its figures: 30 files and 1,200 lines for one function, 80 files for all', () => {
  for (const name of NAMES) {
    const files = project([name]);
    const lines = [...files.values()].reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    expect(files.size, name).toBeLessThanOrEqual(30);
    expect(lines, name).toBeLessThanOrEqual(1200);
  }
  expect(ALL.size).toBeLessThanOrEqual(80);
});
