import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stepRunner } from '#src/build/step-runner';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';
import { isRunning } from '../fc/fixture.ts';

function runner(verbose = false) {
  const lines: string[] = [];
  return { lines, build: stepRunner({ say: (line) => void lines.push(line), verbose }) };
}

it('runs the steps of a function in order, by a shell, each in its folder', async () => {
  const path = folderOf({ 'sub/x': '' });
  const { build, lines } = runner();
  const buildSteps = [
    { run: 'echo one > out.txt && cp out.txt sub/', path, source: 's.yaml:1' },
    { run: 'echo two >> out.txt', path: join(path, 'sub'), source: 's.yaml:2' },
  ];
  await expect(build({ resource: 'a', buildSteps })).resolves.toBeUndefined();
  expect(readFileSync(join(path, 'sub/out.txt'), 'utf8')).toBe('one\ntwo\n');
  expect(lines).toEqual(buildSteps.map(({ run }) => `build: ${run}`));
});

it('runs equal steps once for all functions, and again in another folder', async () => {
  const path = folderOf({ 'sub/x': '' });
  const { build } = runner();
  const step = { run: `echo x >> ${join(path, 'out.txt')}`, path, source: 's.yaml:1' };
  await build({ resource: 'a', buildSteps: [step] });
  await build({ resource: 'b', buildSteps: [{ ...step, source: 's.yaml:9' }] });
  expect(readFileSync(join(path, 'out.txt'), 'utf8')).toBe('x\n');
  await build({ resource: 'c', buildSteps: [{ ...step, path: join(path, 'sub') }] });
  expect(readFileSync(join(path, 'out.txt'), 'utf8')).toBe('x\nx\n');
});

it('reports why a step failed, with its output, and skips the steps after it', async () => {
  const path = folderOf();
  const { build, lines } = runner();
  const failing = { run: 'echo no tea; echo no milk >&2; exit 3', path, source: 's.yaml:4' };
  const after = { run: 'touch after', path, source: 's.yaml:5' };
  await expect(build({ resource: 'a', buildSteps: [failing, after] })).resolves.toMatchObject({
    code: 'BuildStepFailed',
    message: `"${failing.run}" (s.yaml:4) ended with 3 in ${path}`,
  });
  expect(lines[0]).toBe(`build: ${failing.run}`);
  expect(lines.slice(1).sort()).toEqual(['  no milk', '  no tea']);
});

it('keeps what a step prints to itself when it succeeds, unless it is to be verbose', async () => {
  const buildSteps = [{ run: 'echo tea', path: folderOf(), source: 's.yaml:4' }];
  const quiet = runner();
  await quiet.build({ resource: 'a', buildSteps });
  expect(quiet.lines).toEqual(['build: echo tea']);
  const verbose = runner(true);
  await verbose.build({ resource: 'a', buildSteps });
  expect(verbose.lines).toEqual(['build: echo tea', '  tea', expect.stringContaining('done in')]);
});

it('says that the folder of a step is missing', async () => {
  const path = join(folderOf(), 'gone');
  const error = await runner().build({
    resource: 'a',
    buildSteps: [{ run: 'make', path, source: 's.yaml:4' }],
  });
  expect(error?.message).toBe(`"make" (s.yaml:4) cannot run: ${path} is missing`);
});

it.skipIf(process.platform === 'win32')(
  'ends a step that is stopped with all that it has started, and begins no other',
  async () => {
    const path = folderOf();
    const stopped = new AbortController();
    const build = stepRunner({ say: () => {}, stopped: stopped.signal });
    // A process that ignores SIGTERM, one in the background, and a shell that waits.
    const run = `(trap '' TERM; sleep 600) & echo $! >> pids; sleep 600 & echo $! >> pids; wait`;
    const endless = { run, path, source: 's.yaml:4' };
    const after = { run: 'touch after', path, source: 's.yaml:5' };
    const built = build({ resource: 'a', buildSteps: [endless, after] });
    const pids = () => readFileSync(join(path, 'pids'), 'utf8').trim().split('\n').map(Number);
    await until(() => existsSync(join(path, 'pids')) && pids().length === 2);
    stopped.abort();
    await expect(built).resolves.toMatchObject({ code: 'BuildStopped' });
    await until(() => !pids().some(isRunning));
    await expect(build({ resource: 'b', buildSteps: [after] })).resolves.toMatchObject({
      code: 'BuildStopped',
    });
    expect(existsSync(join(path, 'after'))).toBe(false);
  },
);
