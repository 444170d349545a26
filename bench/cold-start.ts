import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { FunctionSpec } from 'fc-local';
import { startTestCloud, type TestCloud } from 'fc-local/testing';
import { interleaved, median, table } from 'fc-measure';
import { baseline } from './cold-start/baseline.ts';
import { firstEvent } from './cold-start/first-event.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 15);

/** Returns the milliseconds from starting an instance's process to its first answer. */
async function coldStart(cloud: TestCloud, fn: FunctionSpec): Promise<number> {
  const event = await firstEvent(cloud, fn);
  await cloud.fc?.deploy(fn);
  const start = performance.now();
  const result = await cloud.fc?.invoke(fn.name, event);
  const elapsed = performance.now() - start;
  const answer = result?.body.toString() ?? '';
  if (!result?.coldStart || result.errorType || /"statusCode":[45]/.test(answer))
    throw new Error(`${fn.name} did not do its job: ${answer}`);
  return elapsed;
}

const kilobytes = (bytes = 0): string => (bytes ? (bytes / 1024).toFixed(0) : '');

const packages = await mkdtemp(join(tmpdir(), 'cold-start-'));
const build = (...args: string[]) =>
  execFileSync('npx', ['fc-templates', 'build', ...args], { cwd: ROOT, stdio: 'ignore' });
/** Returns the bytes of a built package's files, each compressed. */
const zippedSize = (folder: string) =>
  readdirSync(folder)
    .map((file) => gzipSync(readFileSync(join(folder, file))).length)
    .reduce((sum, size) => sum + size, 0);

build('--code-cache');
await cp(join(ROOT, 'dist'), packages, { recursive: true });
build();

const CACHED = ' with a code cache';
const names = readdirSync(join(ROOT, 'functions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const zipped = new Map(
  names.flatMap((name) => [
    [name, zippedSize(join(ROOT, 'dist', name))] as const,
    [name + CACHED, zippedSize(join(packages, name))] as const,
  ]),
);

const cloud = await startTestCloud({ project: ROOT });
try {
  const ours = (cloud.project?.functions ?? []).map((fn) => ({ ...fn, triggers: [] }));
  // Without triggers: what one function publishes or stores must start no other.
  for (const fn of ours) await cloud.fc?.deploy(fn);
  const cached = ours.map((fn) => ({ ...fn, codeDir: join(packages, fn.resource) }));
  const others = ['floor', 'one-request', 'usual-way'].map((name) => baseline(name, cloud));
  const contenders = Object.fromEntries([
    ...[...others, ...ours].map((fn) => [fn.resource, () => coldStart(cloud, fn)] as const),
    ...cached.map((fn) => [fn.resource + CACHED, () => coldStart(cloud, fn)] as const),
  ]);
  await interleaved(2, contenders);
  const times = await interleaved(ROUNDS, contenders);
  const floor = median(times.floor ?? []);
  console.log(
    `Cold start, process start to first answer, median of ${ROUNDS} interleaved rounds\n`,
  );
  const ofFloor = (name: string) => (median(times[name] ?? []) / floor).toFixed(2);
  const milliseconds = (name: string) => median(times[name] ?? []).toFixed(1);
  console.log(
    table([
      ['function', 'of the floor', 'ms', 'zipped KB', 'with a code cache', 'ms', 'zipped KB'],
      ...[...others, ...ours].map(({ resource: name }) => [
        name,
        ofFloor(name),
        milliseconds(name),
        kilobytes(zipped.get(name)),
        ...(zipped.has(name)
          ? [
              ofFloor(name + CACHED),
              milliseconds(name + CACHED),
              kilobytes(zipped.get(name + CACHED)),
            ]
          : ['', '', '']),
      ]),
    ]),
  );
} finally {
  await cloud.close();
  await rm(packages, { recursive: true });
}
