import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FOLDERS } from './folders.ts';
import { summary } from './report.ts';
import { SURVIVORS } from './survivors.ts';
import { tryFolder } from './trial.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Mutants of each folder: the first batch, the same each time, whatever its budget. */
const MUTANTS = 20;

/**
 * Of a folder's sample so many must be noticed: of 20, where nine in ten of all are, chance leaves
 * fewer than this once in ninety. The nine in ten, and a name for each of the rest, are what
 * `npm run mutate` without a number asks for.
 */
const MIN_NOTICED = 0.75;

it.each(Object.entries(FOLDERS))(
  'notices most of a sample of changes of %s',
  async (name, folder) => {
    const result = await tryFolder(ROOT, folder, {
      max: MUTANTS,
      budgetMs: folder.budgetMs,
      known: (mutant) => mutant.name in SURVIVORS,
    });
    console.log(summary(name, result));
    const noticed = result.tried - result.survivors.length;
    expect(noticed / result.tried, summary(name, result)).toBeGreaterThanOrEqual(MIN_NOTICED);
  },
);
