// npx tsx --conditions=fc-source local/bench/start.ts [rounds]
// Time of the local cloud from the start of its process to its ready line, from the sources and
// from the package, compared with the start of an empty script. Interleaved rounds, medians. The
// functions' bundles must exist: npm run build.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { interleaved, median, table } from 'fc-measure';

const ROUNDS = Number(process.argv[2] ?? 15);
const ROOT = join(import.meta.dirname, '../..');
const TSX = [fileURLToPath(import.meta.resolve('tsx/cli')), '--conditions=fc-source'];
const SOURCES = [...TSX, join(ROOT, 'local/bin/fc-local.js')];
const ANY_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

/**
 * Returns the milliseconds from the process's start to its first line on standard output; then it
 * is stopped.
 */
async function untilFirstLine(args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
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

/** Returns the packed program: built by `npm pack`, installed into a folder by npm. */
async function packedProgram(into: string): Promise<string[]> {
  const npm = (args: string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const packed = npm(['pack', '-w', 'local', '--json', '--pack-destination', into], ROOT);
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('[')));
  const project = join(into, 'project');
  await mkdir(project);
  npm(['init', '-y'], project);
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(into, filename)], project);
  return [join(project, 'node_modules/fc-local/bin/fc-local.js')];
}

const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
const BASELINE = 'an empty script by tsx';
const PLAIN = 'an empty script by node';
try {
  const program = await packedProgram(folder);
  const cloud = (launcher: string[], ...args: string[]) =>
    untilFirstLine([
      ...launcher,
      'start',
      '--json',
      '--no-build',
      '--project',
      ROOT,
      ...ANY_PORTS,
      ...args,
    ]);
  const empty = join(import.meta.dirname, 'start', 'empty.ts');
  const contenders = {
    [BASELINE]: () => untilFirstLine([...TSX, empty]),
    'the services, in memory': () => cloud(SOURCES, '--no-functions', '--memory'),
    'with the functions, in memory': () => cloud(SOURCES, '--memory'),
    'with the functions, in a folder': () => cloud(SOURCES, '--data', join(folder, 'data')),
    [PLAIN]: () => untilFirstLine(['--eval', 'console.log(1)']),
    'the services, from the package': () => cloud(program, '--no-functions', '--memory'),
    'with the functions, from the package': () => cloud(program, '--memory'),
  };
  // Creates the folder, keeps the package's compiled code, and brings the files into the system's cache.
  await interleaved(1, contenders);
  const times = await interleaved(ROUNDS, contenders);
  const floorOf = (name: string) =>
    median(times[name === PLAIN || name.endsWith('package') ? PLAIN : BASELINE] ?? []);
  console.log(`Process start to ready, median of ${ROUNDS} interleaved rounds\n`);
  console.log(
    table([
      ['', 'of an empty script, same launcher', 'ms'],
      ...Object.entries(times).map(([name, values]) => [
        name,
        (median(values) / floorOf(name)).toFixed(2),
        median(values).toFixed(0),
      ]),
    ]),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
