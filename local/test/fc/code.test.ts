import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CodeStore } from '#src/fc/code/code-store';
import { removeTree } from '#src/fc/code/remove-tree';
import { unzip } from '#src/fc/code/unzip';
import { readOnlyPrefix } from '#src/fc/read-only';
import { until } from '#src/testing/until';
import { startFixture, writeFunction } from './fixture.ts';
import { type ZipEntry, zipOf } from './zip.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'fc-test-'));
  onTestFinished(() => removeTree(made));
  return made;
}

function write(root: string, files: Record<string, string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const MAIN = 'exports.handler = async () => require("./lib/answer").answer;';

/** Returns the output of a function deployed from `codeDir`, or its error as a text. */
async function saidBy(codeDir: string): Promise<string> {
  const { runtime } = await startFixture();
  await runtime.deploy({ ...writeFunction(''), codeDir });
  const { body } = await runtime.invoke('sample', Buffer.alloc(0));
  return body.toString();
}

describe('the code of a function', () => {
  it('is CommonJS without a package.json, whatever the one of the project says', async () => {
    const project = write(folder(), {
      'package.json': '{"type":"module"}',
      'code/index.js': MAIN,
      'code/lib/answer.js': 'exports.answer = "common";',
    });
    expect(await saidBy(join(project, 'code'))).toBe('common');
  });

  it('finds the packages that it brings, and none of the project', async () => {
    const project = write(folder(), {
      'node_modules/ours/index.js': 'module.exports = "ours";',
      'code/index.js': `exports.handler = async () => {
        const own = require('own');
        try { return own + require('ours'); } catch ({ code }) { return own + ' ' + code; }
      };`,
      'code/node_modules/own/index.js': 'module.exports = "own";',
    });
    expect(await saidBy(join(project, 'code'))).toBe('own MODULE_NOT_FOUND');
  });

  it('keeps symbolic links inside, and has none that lead out', async () => {
    const code = write(folder(), {
      'code/index.js': `exports.handler = async () =>
        require('linked') + require('fs').existsSync(__dirname + '/outside');`,
      'code/store/linked/index.js': 'module.exports = "linked ";',
      'outside/secret.txt': 'x',
    });
    mkdirSync(join(code, 'code/node_modules'));
    symlinkSync('../store/linked', join(code, 'code/node_modules/linked'));
    symlinkSync(join(code, 'outside'), join(code, 'code/outside'));
    expect(await saidBy(join(code, 'code'))).toBe('linked false');
  });

  it.skipIf(process.platform === 'win32')(
    'cannot be written by the function, and /tmp can',
    async ({ skip }) => {
      if (process.getuid?.() === 0 && (await readOnlyPrefix()).length === 0)
        skip('nothing holds root here');
      const code = write(folder(), {
        'index.js': `const fs = require('fs');
        const attempt = (path) => {
          try { fs.writeFileSync(path, 'x'); return 'written'; } catch ({ code }) { return code; }
        };
        exports.handler = async () => {
          const file = '/tmp/written-by-' + process.pid;
          const said = [__dirname + '/x', __filename, __dirname + '/lib/x', file].map(attempt);
          fs.rmSync(file);
          return said.join();
        };`,
        'lib/y': '',
      });
      expect(await saidBy(code)).toBe('EACCES,EACCES,EACCES,written');
    },
  );

  it('stays as deployed while a version runs, and is removed with its last instance', async () => {
    const { runtime, printed } = await startFixture();
    const project = write(folder(), {});
    const go = join(project, 'go');
    const code = (answer: string) => ({
      'code/index.js': `const fs = require('fs');
      exports.handler = async (event) => {
        console.log('runs in ' + __dirname);
        while (event.length && !fs.existsSync(String(event))) await new Promise((go) => setTimeout(go, 2));
        return require('./lib/answer').answer;
      };`,
      'code/lib/answer.js': `exports.answer = '${answer}';`,
    });
    const fn = { ...writeFunction(''), codeDir: join(project, 'code') };
    write(project, code('old'));
    await runtime.deploy(fn);
    const running = runtime.invoke('sample', Buffer.from(go));
    const dir = (await printed('runs in')).text.split(' ').at(-1) ?? '';

    write(project, code('new'));
    await runtime.deploy(fn);
    expect((await runtime.invoke('sample', Buffer.alloc(0))).body.toString()).toBe('new');
    expect(existsSync(dir)).toBe(true);
    writeFileSync(go, '');
    expect((await running).body.toString()).toBe('old');
    await until(() => !existsSync(dir));
  });

  it('leaves nothing when the runtime stops', async () => {
    const { runtime, printed } = await startFixture();
    await runtime.deploy(writeFunction('exports.handler = async () => console.log(__dirname);'));
    await runtime.invoke('sample', Buffer.alloc(0));
    const dir = (await printed('/code/1')).text.split(' ').at(-1) ?? '';
    expect(existsSync(dir)).toBe(true);
    await runtime.close();
    expect(existsSync(dirname(dirname(dir)))).toBe(false);
  });
});

describe('a copy', () => {
  it.each([
    ['few small files', 2, 10],
    ['many files', 40, 10],
    ['a large file', 1, 2 * 1024 * 1024],
  ])('of %s has their content, and can be run and read only', async (_, count, bytes) => {
    const files = Array.from({ length: count }, (_, index) => [
      `lib/${index}.js`,
      `${index}`.padEnd(bytes),
    ]);
    const code = write(folder(), { ...Object.fromEntries(files), 'bin/run': '#!/bin/sh' });
    chmodSync(join(code, 'bin/run'), 0o755);
    const { dir } = await new CodeStore(join(folder(), 'store')).place({
      ...writeFunction(''),
      codeDir: code,
    });
    for (const [path = '', content] of files) {
      expect(readFileSync(join(dir, path), 'utf8')).toBe(content);
      expect(statSync(join(dir, path)).mode & 0o777).toBe(0o444);
    }
    expect(statSync(join(dir, 'bin/run')).mode & 0o777).toBe(0o555);
    expect(statSync(join(dir, 'lib')).mode & 0o777).toBe(0o555);
  });

  it('reuses unchanged files of the previous version, and copies the rest', async () => {
    const code = write(folder(), { 'same.js': '1', 'other.js': '1', 'lib/same.js': '1' });
    const store = new CodeStore(join(folder(), 'store'));
    const fn = { ...writeFunction(''), codeDir: code };
    const first = await store.place(fn);
    // Of the same size, replaced as editors and builds do.
    write(code, { 'next.js': '2' });
    renameSync(join(code, 'next.js'), join(code, 'other.js'));
    const second = await store.place(fn);
    const inode = (dir: string, path: string) => statSync(join(dir, path)).ino;
    for (const path of ['same.js', 'lib/same.js'])
      expect(inode(second.dir, path)).toBe(inode(first.dir, path));
    expect(inode(first.dir, 'same.js')).not.toBe(inode(code, 'same.js'));
    expect(readFileSync(join(second.dir, 'other.js'), 'utf8')).toBe('2');
    expect(readFileSync(join(first.dir, 'other.js'), 'utf8')).toBe('1');
    await first.remove();
    expect(readdirSync(second.dir, { recursive: true }).sort()).toEqual([
      'lib',
      'lib/same.js',
      'other.js',
      'same.js',
    ]);
  });
});

describe('a zip file', () => {
  const unpacked = async (entries: ZipEntry[], maxBytes?: number): Promise<string> => {
    const root = folder();
    writeFileSync(join(root, 'code.zip'), zipOf(entries));
    await unzip(join(root, 'code.zip'), join(root, 'code'), maxBytes);
    return join(root, 'code');
  };

  it('runs as a folder does', async () => {
    const root = folder();
    const entries = [
      { name: 'index.js', content: MAIN },
      { name: 'lib/answer.js', content: 'exports.answer = "zipped";' },
    ];
    writeFileSync(join(root, 'code.zip'), zipOf(entries));
    expect(await saidBy(join(root, 'code.zip'))).toBe('zipped');
  });

  it('keeps what can be run, and links inside', async () => {
    const code = await unpacked([
      { name: 'link', content: 'bin/run', mode: 0o120777 },
      { name: 'out', content: '../../x', mode: 0o120777 },
      { name: 'bin/run', content: '#!/bin/sh', mode: 0o100755 },
    ]);
    expect(statSync(join(code, 'link')).mode & 0o777).toBe(0o555);
    expect(statSync(code).mode & 0o777).toBe(0o555);
    expect(readdirSync(code)).toEqual(['bin', 'link']);
  });

  it.each([
    ['has a path that leads out', [{ name: '../evil.js' }], /relative path/],
    ['has an absolute path', [{ name: '/evil.js' }], /absolute path/],
    ['has a file twice', [{ name: 'a' }, { name: 'a' }], /EEXIST/],
    [
      'has a link that leads through a link',
      [
        { name: 'a/up', content: '..', mode: 0o120777 },
        { name: 'a/up/out', content: '../x', mode: 0o120777 },
      ],
      /leads through another link/,
    ],
    [
      'is larger than it may be',
      [{ name: 'a', content: 'x'.repeat(2000) }],
      /more than 1000 bytes/,
    ],
  ])('is refused that %s', async (_, entries, message) => {
    await expect(unpacked(entries, 1000)).rejects.toThrow(message);
  });

  it('is refused that is none, by the line of s.yaml', async () => {
    const { runtime } = await startFixture();
    const root = write(folder(), { 'code.zip': 'PK, or not' });
    const fn = { ...writeFunction(''), codeDir: join(root, 'code.zip') };
    await expect(runtime.deploy(fn)).rejects.toMatchObject({
      code: 'CodeUnreadable',
      message: expect.stringMatching(
        /^Function "dev-sample" \(s\.yaml:7\): its code in .*code\.zip cannot be read: /,
      ),
    });
    rmSync(join(root, 'code.zip'));
    await expect(runtime.deploy(fn)).rejects.toMatchObject({ code: 'CodeNotFound' });
  });
});
