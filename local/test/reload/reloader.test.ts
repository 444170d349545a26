import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LocalCloudError } from '#src/errors';
import type { FunctionSpec } from '#src/project/types';
import { Reloader } from '#src/reload/reloader';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';

function fn(resource: string, codeDir: string, steps: string[] = [], path = '/'): FunctionSpec {
  return {
    name: resource,
    resource,
    codeDir,
    handler: 'index.handler',
    runtime: 'nodejs20',
    memorySize: 128,
    timeout: 3,
    environmentVariables: {},
    triggers: [],
    source: 's.yaml:7',
    buildSteps: steps.map((run) => ({ run, path, source: 's.yaml:9' })),
  };
}

/**
 * Watches the folder; `did` records what happened, `build` is the work of a function's steps, and
 * `meanwhile` happens while it begins.
 */
async function watched(
  folder: string,
  functions: FunctionSpec[],
  build: (fn: FunctionSpec) => void = () => {},
  reread: () => FunctionSpec[] = () => [],
  { since, meanwhile }: { since?: number; meanwhile?: () => void } = {},
) {
  const did: string[] = [];
  const reloader = new Reloader({
    folder,
    ignored: [join(folder, '.local')],
    projectFiles: [join(folder, 's.yaml')],
    functions: () => functions,
    async reread() {
      did.push('read');
      return reread();
    },
    builder: () => async (one) => {
      did.push(`build ${one.resource}`);
      build(one);
      return true;
    },
    async deploy({ resource }) {
      did.push(`deploy ${resource}`);
    },
    onError: (error) => did.push(String(error)),
  });
  const starting = reloader.start(since);
  onTestFinished(() => reloader.close());
  meanwhile?.();
  await starting;
  return did;
}

const happens = (did: readonly string[], ...wanted: string[]) =>
  until(() => wanted.every((one) => did.includes(one)));

it('deploys the function whose code changed, and no other', async () => {
  const folder = folderOf({ 'a/index.js': '1', 'b/index.js': '1', '.local/x': '1' });
  const did = await watched(folder, [fn('a', join(folder, 'a')), fn('b', join(folder, 'b'))]);
  writeFileSync(join(folder, '.local/x'), '2');
  writeFileSync(join(folder, 'a/index.js'), '2');
  await happens(did, 'deploy a');
  writeFileSync(join(folder, 'b/lib.js'), 'new');
  await happens(did, 'deploy b');
  expect(did).toEqual(['deploy a', 'deploy b']);
});

it('deploys code that changed while it began to watch', async () => {
  const folder = folderOf({ 'a/index.js': '1', 'b/index.js': '1' });
  const functions = ['a', 'b'].map((name) => fn(name, join(folder, name)));
  const meanwhile = () => writeFileSync(join(folder, 'a/index.js'), '2');
  const did = await watched(folder, functions, undefined, undefined, { meanwhile });
  await happens(did, 'deploy a');
  writeFileSync(join(folder, 'b/index.js'), '2');
  await happens(did, 'deploy b');
  expect(did).toEqual(['deploy a', 'deploy b']);
});

it('deploys code that changed since a time before it began to watch', async () => {
  const folder = folderOf({
    'a/index.js': '1',
    'b/index.js': '1',
    'c/index.js': '1',
    'c/lib.js': '',
  });
  const changed = (path: string) => statSync(join(folder, path)).ctimeMs;
  do {
    writeFileSync(join(folder, 'a/index.js'), '2');
    writeFileSync(join(folder, 'c/new.js'), '');
    rmSync(join(folder, 'c/new.js'));
  } while (changed('a/index.js') <= changed('b/index.js') || changed('c') <= changed('b/index.js'));
  const functions = ['a', 'b', 'c'].map((name) => fn(name, join(folder, name)));
  const since = Math.min(changed('a/index.js'), changed('c'));
  const did = await watched(folder, functions, undefined, undefined, { since });
  await happens(did, 'deploy a', 'deploy c');
  expect(did).toEqual(['deploy a', 'deploy c']);
});

it('deploys code that is replaced as a whole, in a folder that the sources do not have', async () => {
  const folder = folderOf({ 'dist/a/index.js': '1' });
  const did = await watched(folder, [fn('a', join(folder, 'dist/a'))]);
  rmSync(join(folder, 'dist'), { recursive: true });
  await happens(did, 'deploy a');
  mkdirSync(join(folder, 'new/a'), { recursive: true });
  writeFileSync(join(folder, 'new/a/index.js'), '2');
  renameSync(join(folder, 'new'), join(folder, 'dist'));
  await until(() => did.length === 2);
  writeFileSync(join(folder, 'dist/a/index.js'), '3');
  await until(() => did.length === 3);
});

it('builds every function a change may concern, that of its name first, and deploys those whose code differs', async () => {
  const folder = folderOf({ 'src/a/index.ts': '1', 'src/b/index.ts': '1', 'dist/x': '' });
  const functions = ['b', 'a'].map((name) =>
    fn(name, join(folder, 'dist', name), [`build ${name}`], folder),
  );
  // Writes its sources, like a bundler.
  const bundle = ({ resource }: FunctionSpec) => {
    mkdirSync(join(folder, 'dist', resource), { recursive: true });
    writeFileSync(join(folder, 'dist', resource, 'index.js'), texts[resource] ?? '');
  };
  const texts: Record<string, string> = { a: '1', b: '1' };
  functions.forEach(bundle);
  const did = await watched(folder, functions, bundle);
  texts.a = '2';
  writeFileSync(join(folder, 'src/a/index.ts'), '2');
  await happens(did, 'build b');
  expect(did).toEqual(['build a', 'deploy a', 'build b']);
});

it('does not build for ever when a step writes among the sources', async () => {
  const folder = folderOf({ 'src/a.ts': '1' });
  let builds = 0;
  const did = await watched(folder, [fn('a', join(folder, 'out'), ['gen'], folder)], () => {
    writeFileSync(join(folder, 'src/generated.ts'), String(++builds));
  });
  writeFileSync(join(folder, 'src/a.ts'), '2');
  await until(() => builds === 2);
  writeFileSync(join(folder, 'src/a.ts'), '3');
  await until(() => builds === 3);
  expect(did.filter((one) => one === 'build a').length).toBe(3);
});

it('reads the project again when a file of it changes, and deploys new functions', async () => {
  const folder = folderOf({ 's.yaml': '1', 'a/index.js': '1' });
  const functions = [fn('a', join(folder, 'a'))];
  const did = await watched(folder, functions, undefined, () => functions);
  writeFileSync(join(folder, 's.yaml'), '2');
  await happens(did, 'deploy a');
  expect(did).toEqual(['read', 'deploy a']);
  expect(await readFile(join(folder, 's.yaml'), 'utf8')).toBe('2');
});

it('goes on after an error', async () => {
  const folder = folderOf({ 's.yaml': '1', 'a/index.js': '1' });
  const did = await watched(folder, [fn('a', join(folder, 'a'))], undefined, () => {
    throw new LocalCloudError('X', 'no tea', 'brew some');
  });
  writeFileSync(join(folder, 's.yaml'), '2');
  await happens(did, 'LocalCloudError: no tea');
  writeFileSync(join(folder, 'a/index.js'), '2');
  await happens(did, 'deploy a');
});
