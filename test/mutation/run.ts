// npm run mutate [-- folder…]: changes the kit's sources one place at a time and says which changes no test
// notices (MUTATE_VERBOSE=1: each as it is tried). Fails when less than 90 % of a folder's are noticed, or one that is not is not named in survivors.ts.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FOLDERS, type Folder } from './folders.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { SURVIVORS } from './survivors.ts';
import type { Order, Verdict } from './worker.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MIN_NOTICED = 0.9;
/** Milliseconds: a mutant that ends no test, such as a loop without an end. It counts as noticed. */
const MAX_MUTANT_MS = 45_000;

class Worker {
  readonly #process = fork(join(import.meta.dirname, 'worker.ts'), [], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx', '--conditions=fc-source'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });

  /** Undefined when there is no answer in time: the worker is ended then. */
  async ask(order: Order, limitMs: number): Promise<boolean | undefined> {
    this.#process.send(order);
    const settled = new AbortController();
    const timer = setTimeout(() => settled.abort(), limitMs);
    const { signal } = settled;
    try {
      const [verdict] = (await Promise.race([
        once(this.#process, 'message', { signal }),
        once(this.#process, 'exit', { signal }).then(() => [undefined]),
      ])) as [Verdict | undefined];
      return verdict?.noticed;
    } catch {
      this.end();
      return undefined;
    } finally {
      clearTimeout(timer);
      settled.abort();
    }
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}

async function started(tests: string[]): Promise<Worker> {
  const worker = new Worker();
  if ((await worker.ask({ root: ROOT, tests }, 5 * 60_000)) === false) return worker;
  worker.end();
  throw new Error(
    `The unchanged sources do not pass ${tests.join(', ')}: mutants would tell nothing`,
  );
}

interface Result {
  tried: number;
  all: number;
  survivors: Mutant[];
}

async function tryFolder({ sources, tests, budgetMs }: Folder): Promise<Result> {
  const files = readdirSync(join(ROOT, sources), { recursive: true, encoding: 'utf8' });
  const mutants = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) => mutantsOf(ROOT, `${sources}/${file}`));
  const spread = (mutant: Mutant) =>
    createHash('sha256').update(`${mutant.name} ${mutant.start}`).digest('hex');
  const order = mutants.toSorted((a, b) => spread(a).localeCompare(spread(b)));

  const survivors: Mutant[] = [];
  let tried = 0;
  let worker = await started(tests);
  const end = performance.now() + budgetMs;
  for (const mutant of order) {
    if (performance.now() > end) break;
    const noticed = await worker.ask(mutant, MAX_MUTANT_MS);
    tried++;
    if (noticed === false) survivors.push(mutant);
    if (process.env.MUTATE_VERBOSE)
      console.log(noticed === false ? 'SURVIVED' : 'noticed', mutant.name);
    if (noticed === undefined) worker = await started(tests);
  }
  worker.end();
  return { tried, all: mutants.length, survivors };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in FOLDERS));
if (unknown.length > 0)
  throw new Error(`No folder ${unknown.join(', ')}: give ${Object.keys(FOLDERS).join(', ')}`);

for (const [name, folder] of Object.entries(FOLDERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { tried, all, survivors } = await tryFolder(folder);
  const share = (tried - survivors.length) / tried;
  console.log(
    `${name}: ${tried - survivors.length} of ${tried} noticed (${(share * 100).toFixed(1)} %), of ${all} that there are`,
  );
  for (const one of survivors) {
    const reason = SURVIVORS[one.name];
    console.log(
      `  ${one.file}:${one.line} ${one.name.slice(one.file.length + 2)}${reason ? `\n    known: ${reason}` : ''}`,
    );
  }
  if (share < MIN_NOTICED || survivors.some((one) => !SURVIVORS[one.name])) process.exitCode = 1;
}
