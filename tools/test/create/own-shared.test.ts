import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { readModule } from '#src/create/own-shared/module';
import { withOwnShared, withSharedFollowing } from '#src/create/own-shared/project';
import { changesOf, writeChanges } from '#src/parts/changes';
import type { Files } from '#src/parts/files';
import { importedBy } from '#src/parts/imports';
import { removed } from '#src/parts/remove';
import { ROOT } from '#test/repository';
import { differing, NAMES, plus, project } from '../parts/catalog.ts';

// Three of them came with the log in place of pino's, with OSS' transport, and with longer comments.
const MAX_FILES = 64;
const sharedIn = (files: Files) => [...files.keys()].filter((path) => path.startsWith('shared/'));
const linesOf = (text = '') => text.split('\n').length;
const lengthInKit = (path: string) => linesOf(readFileSync(join(ROOT, path), 'utf8'));
const handlers = (files: Files) =>
  [...files.keys()].filter((path) => /^functions\/[^/]+\/index\.ts$/.test(path));

async function bundled(files: Files): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'own-shared-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  writeChanges(root, changesOf(new Map(), files));
  await mkdir(join(root, 'node_modules'));
  // The repository's installed packages, without its own: only the copy is there.
  for (const name of ['@alicloud', 'ali-oss', 'hash-wasm', 'zod'])
    await symlink(join(ROOT, 'node_modules', name), join(root, 'node_modules', name));
  const { warnings, metafile } = await build({
    absWorkingDir: root,
    entryPoints: handlers(files),
    bundle: true,
    write: false,
    outdir: 'out',
    metafile: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return Object.keys(metafile.inputs);
}

it(`copies for queue-consumer at most what makes ${MAX_FILES} files of the project, and joins no modules to a long one`, () => {
  const files = withOwnShared(project(['queue-consumer']));
  expect(files.size).toBeLessThanOrEqual(MAX_FILES);
  for (const path of sharedIn(files))
    expect(linesOf(files.get(path)), path).toBeLessThanOrEqual(
      Math.max(360, lengthInKit(path)) + 60,
    );
});

it.each([...NAMES.map((name) => [name]), NAMES])(
  'copies for %s everything that handlers import, and nothing else',
  async (...names) => {
    const files = withOwnShared(project(names));
    const used = await bundled(files);
    expect(used.filter((path) => path.startsWith('shared/')).length).toBeGreaterThan(3);
    const roots = [...files.keys()].filter((path) => !path.startsWith('shared/'));
    const reached = importedBy(files, roots);
    const unused = sharedIn(files).filter((path) => !path.endsWith('.d.ts') && !reached.has(path));
    expect(unused).toEqual([]);
    const { imports, dependencies } = JSON.parse(files.get('package.json') ?? '');
    expect(imports['#shared/*']).toBe('./shared/src/*/index.ts');
    expect(Object.keys(dependencies)).not.toEqual([]);
    expect(dependencies).not.toHaveProperty('fc-kit');
  },
);

it('makes a copy without circles', () => {
  const files = withOwnShared(project(NAMES));
  for (const path of sharedIn(files))
    for (const { specifier } of readModule(path, files.get(path) ?? '').imports)
      if (specifier.startsWith('.')) {
        const other = posix.join(posix.dirname(path), specifier);
        expect(files.has(other), `${path} imports ${other}`).toBe(true);
        expect(importedBy(files, [other]).has(path), `${path} and ${other}`).toBe(false);
      }
});

it('follows functions that are added and removed, and leaves no trace', () => {
  const before = withOwnShared(project(['queue-consumer']));
  const more = withSharedFollowing(before, plus(before, 'oss-archiver'));
  expect(more.differing).toEqual([]);
  expect(sharedIn(more.files).length).toBeGreaterThan(sharedIn(before).length);
  expect(differing(more.files, withOwnShared(project(['queue-consumer', 'oss-archiver'])))).toEqual(
    [],
  );
  const less = withSharedFollowing(more.files, removed(more.files, ['oss-archiver']));
  expect(less.differing).toEqual([]);
  expect(differing(before, less.files)).toEqual([]);
});

it('overwrites no changed file of the copy, and names it', () => {
  const copied = withOwnShared(project(['queue-consumer']));
  const changed = 'shared/src/handler/index.ts';
  const before = new Map([...copied, [changed, `// ours\n${copied.get(changed)}`]]);
  const more = withSharedFollowing(before, plus(before, 'oss-uploader'));
  expect(more.differing).toEqual([changed]);
  expect(more.files.get(changed)).toMatch(/^\/\/ ours\n/);
});
