import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Folder } from './folders.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import type { Trial } from './plan.ts';
import { TestProcess } from './process.ts';
import { switched } from './switched.ts';

/** Mutants of one run: after each run the modules are reloaded, and the time is checked. */
const BATCH = 40;
/** How many times slower a test may be with a mutant on. */
const SLOWER = 5;
const MIN_LIMIT_MS = 2000;

export interface Limits {
  /** Maximum number of mutants, in an order that is the same each time and spread over the files. */
  max: number;
  /** Names of the only files whose mutants are tried; all files without it. */
  files?: readonly string[];
  /** Milliseconds after which no batch is started; no limit without it. */
  budgetMs?: number;
  /** Whether a mutant is known to stay unnoticed: it is tried, but not a second time. */
  known: (mutant: Mutant) => boolean;
  /** Called with each verdict. */
  tell?: (mutant: Mutant, noticed: boolean) => void;
}

export interface Result {
  tried: number;
  /** Number of all mutants. */
  all: number;
  survivors: Mutant[];
}

/** Tries a folder's mutants. Throws when the unchanged sources do not pass. */
export async function tryFolder(root: string, folder: Folder, limits: Limits): Promise<Result> {
  const mutants = mutantsIn(root, folder.sources);
  const numbers = new Map(mutants.map((mutant, number) => [mutant, number]));
  const files = [...new Set(mutants.map(({ file }) => file))];
  const sources = Object.fromEntries(
    files.map((file) => {
      const inFile = mutants.filter((one) => one.file === file);
      return [file, switched(root, file, inFile, numbers)];
    }),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'mutation-'));
  const start = { root, plan: join(scratch, 'plan.json'), tests: folder.tests, sources };
  const tests = new TestProcess(start);
  const { max, files: only, budgetMs = Number.POSITIVE_INFINITY } = limits;
  const end = performance.now() + budgetMs;
  try {
    const reach = await cover(tests, folder);
    const isWanted = ({ file }: Mutant) => !only || only.includes(basename(file));
    const chosen = inOrder(mutants).filter(isWanted).slice(0, max);
    if (chosen.length === 0) throw new Error(`There is nothing to change in ${folder.sources}`);
    const survivors: Mutant[] = [];
    let tried = 0;
    while (tried < chosen.length && performance.now() < end) {
      const batch = chosen.slice(tried, tried + BATCH);
      const noticed = await tryBatch(tests, reach, batch, numbers, limits.known);
      for (const mutant of batch) limits.tell?.(mutant, noticed.has(mutant));
      survivors.push(...batch.filter((mutant) => !noticed.has(mutant)));
      tried += batch.length;
    }
    return { tried, all: mutants.length, survivors };
  } finally {
    tests.end();
    rmSync(scratch, { recursive: true });
  }
}

/** Returns all mutants of a folder, file by file. */
export function mutantsIn(root: string, folder: string): Mutant[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .toSorted()
    .flatMap((file) => mutantsOf(root, `${folder}/${file}`));
}

function inOrder(mutants: readonly Mutant[]): Mutant[] {
  const place = ({ name, start }: Mutant) =>
    createHash('sha256').update(`${name} ${start}`).digest('hex');
  return mutants.toSorted((a, b) => place(a).localeCompare(place(b)));
}

/** What the unchanged sources show. */
interface Reach {
  /** Milliseconds of each test, and the mutants that it reaches. */
  tests: Map<string, { ms: number; mutants: Set<number> }>;
  /** Mutants reached when a module was loaded. */
  loaded: Set<number>;
  /** Test modules, the quickest first. */
  modules: string[];
}

async function cover(tests: TestProcess, folder: Folder): Promise<Reach> {
  const { verdict, progress } = await tests.run({ kind: 'cover' });
  if (!verdict || verdict.failed)
    throw new Error(
      `The unchanged sources do not pass ${folder.tests.join(', ')}: mutants would tell nothing`,
    );
  const reach: Reach = { tests: new Map(), loaded: new Set(), modules: [] };
  for (const line of progress) {
    if (line.of === 'reached')
      reach.tests.set(line.test, { ms: line.ms, mutants: new Set(line.mutants) });
    if (line.of === 'loaded') reach.loaded = new Set(line.mutants);
  }
  const ms = (module: string) =>
    (verdict.modules[module] ?? []).reduce((sum, id) => sum + (reach.tests.get(id)?.ms ?? 0), 0);
  reach.modules = Object.keys(verdict.modules).toSorted((a, b) => ms(a) - ms(b));
  return reach;
}

async function tryBatch(
  tests: TestProcess,
  reach: Reach,
  batch: readonly Mutant[],
  numbers: ReadonlyMap<Mutant, number>,
  known: (mutant: Mutant) => boolean,
): Promise<Set<Mutant>> {
  const mutantOf = new Map(batch.map((mutant) => [numbers.get(mutant) ?? -1, mutant]));
  const isReached = (number: number) =>
    reach.loaded.has(number) || [...reach.tests.values()].some((one) => one.mutants.has(number));
  const { noticed, unsure } = await tryTogether(tests, reach, [...mutantOf.keys()]);
  for (const [number, mutant] of mutantOf) {
    const sure = noticed.has(number) && !unsure.has(number);
    if (sure || !isReached(number) || known(mutant)) continue;
    // It acts when its module is loaded, or by an error that belongs to no test.
    const { verdict } = await tests.run({ kind: 'load', mutant: number }, reach.modules);
    if (verdict && !verdict.failed) noticed.delete(number);
    else noticed.add(number);
  }
  return new Set([...noticed].flatMap((number) => mutantOf.get(number) ?? []));
}

/** Tries mutants in one run, each by the tests that reach it. */
async function tryTogether(tests: TestProcess, reach: Reach, mutants: readonly number[]) {
  const noticed = new Set<number>();
  const unsure = new Set<number>();
  for (;;) {
    const trials: Record<string, Trial> = {};
    for (const [id, { ms, mutants: reached }] of reach.tests) {
      const some = mutants.filter((number) => reached.has(number) && !noticed.has(number));
      const limitMs = Math.max(MIN_LIMIT_MS, SLOWER * ms);
      if (some.length > 0) trials[id] = { mutants: some, limitMs };
    }
    const { verdict, progress } = await tests.run({ kind: 'try', tests: trials }, reach.modules);
    let begun: number | undefined;
    for (const line of progress) {
      if (line.of === 'begun') begun = line.mutant;
      if (line.of === 'noticed') noticed.add(line.mutant);
      if (line.of === 'unsure') for (const number of line.mutants) unsure.add(number);
    }
    if (verdict) return { noticed, unsure };
    // It never ended, with this mutant on.
    if (begun === undefined) throw new Error('The tests never end, with no mutant on');
    noticed.add(begun);
  }
}
