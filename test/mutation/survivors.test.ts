import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FOLDERS } from './folders.ts';
import { SURVIVORS } from './survivors.ts';
import { mutantsIn } from './trial.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

it('names as changes that no test notices only changes that there are', () => {
  const all = Object.values(FOLDERS).flatMap(({ sources }) => mutantsIn(ROOT, sources));
  const names = new Set(all.map(({ name }) => name));
  expect(Object.keys(SURVIVORS).filter((name) => !names.has(name))).toEqual([]);
});
