import { readProject } from 'fc-local/project';
import { expect } from 'vitest';
import { RULES } from '#src/check/rules/all-rules';
import type { Files } from '#src/parts/files';
import { leftovers } from '#src/parts/leftovers';
import { removed } from '#src/parts/remove';
import { viewProject } from '#src/project/view';
import { differing, NAMES, plus, project } from './catalog.ts';
import type { Subset } from './subsets.ts';
import { written } from './written.ts';

const ALL = project(NAMES);
const others = (subset: Subset) => NAMES.filter((name) => !subset.includes(name));

const left = new Map<string, Files>([['', ALL]]);

/** Returns the project of all functions without these, removed one after the other. What begins alike is removed once. */
function without(names: readonly string[]): Files {
  const key = names.join();
  const files = left.get(key) ?? removed(without(names.slice(0, -1)), names.slice(-1));
  left.set(key, files);
  return files;
}

/** Functions that may name a function that does not exist, because they call it. */
const CALLERS = ['function-invoker', 'queue-fleet'];

/**
 * Checks that creating a subset gives the same as removing down to it, in any order, that the rules find
 * nothing, and that the local cloud reads it.
 */
export async function holds(subset: Subset): Promise<void> {
  const created = project(subset);
  expect(differing(created, without(others(subset))), `${subset}, one by one`).toEqual([]);

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

/** Checks that a project of the first is the same after the second was added and removed. */
export function leavesNothing([one = '', other = '']: Subset): void {
  const before = project([one]);
  const after = removed(plus(before, other), [other]);
  expect(differing(before, after), `${one} + ${other}`).toEqual([]);
}

/** Checks that adding either to a project of the other gives what create gives for both. */
export function addsInPlace([one = '', other = '']: Subset): void {
  const both = NAMES.filter((name) => name === one || name === other);
  for (const [there, more] of [
    [one, other],
    [other, one],
  ] as const)
    expect(differing(plus(project([there]), more), project(both)), `${there} + ${more}`).toEqual(
      [],
    );
}
