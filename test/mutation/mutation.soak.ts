import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FOLDERS } from './folders.ts';
import { shortfall, summary } from './report.ts';
import { SURVIVORS } from './survivors.ts';
import { tryFolder } from './trial.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Mutants of each folder: the first batch, the same each time, whatever its budget. */
const MUTANTS = 40;

it.each(Object.entries(FOLDERS))(
  'notices at least nine in ten changes of %s, and names the rest',
  async (name, folder) => {
    const result = await tryFolder(ROOT, folder, {
      max: MUTANTS,
      budgetMs: folder.budgetMs,
      known: (mutant) => mutant.name in SURVIVORS,
    });
    expect(shortfall(result), summary(name, result)).toEqual([]);
  },
);
