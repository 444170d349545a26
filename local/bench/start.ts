// npx tsx bench/start.ts [rounds]
// The local cloud from the start of its process to its ready line, as `npm run local` starts it, against
// the same start of an empty script. Interleaved rounds, medians.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { interleaved, median, table } from 'fc-measure';
import { ROOT } from '../../tools/src/build.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const TSX = fileURLToPath(import.meta.resolve('tsx/cli'));
const LOCAL = [join(ROOT, 'scripts', 'local.ts'), '--json'];
const ANY_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

/** Milliseconds from the process's start to its first line on standard output; then it is stopped. */
async function untilFirstLine(args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [TSX, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), exit.then(() => undefined)]);
  const took = performance.now() - began;
  child.kill();
  await exit;
  if (line === undefined) throw new Error(`"${args.join(' ')}" ended without a line`);
  return took;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
const BASELINE = 'an empty script';
try {
  const cloud = (...args: string[]) => untilFirstLine([...LOCAL, ...ANY_PORTS, ...args]);
  const contenders = {
    [BASELINE]: () => untilFirstLine([join(import.meta.dirname, 'start', 'empty.ts')]),
    'the services, in memory': () => cloud('--no-functions', '--memory'),
    'with the functions, in memory': () => cloud('--memory'),
    'with the functions, in a folder': () => cloud('--data', folder),
  };
  await interleaved(1, contenders); // the folder is made, files are in the system's cache
  const times = await interleaved(ROUNDS, contenders);
  const floor = median(times[BASELINE] ?? []);
  console.log(`Process start to ready, median of ${ROUNDS} interleaved rounds\n`);
  console.log(
    table([
      ['', 'of an empty script', 'ms'],
      ...Object.entries(times).map(([name, values]) => [
        name,
        (median(values) / floor).toFixed(2),
        median(values).toFixed(0),
      ]),
    ]),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
