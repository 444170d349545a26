import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { install, nodeOf } from './packages.ts';
import { run, start } from './process.ts';
import { writeSources, writeStranger } from './stranger.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

/** Bytes that fc-local may weigh packed: 305 KB before the console's map, traces and forms and the Chinese README, 361 KB with them. */
const MAX_PACKED_BYTES = 380 * 1024;

const MAX_INSTALL_MS = 600_000;

const home = mkdtempSync(join(tmpdir(), 'packed-'));
/**
 * Two projects, one with fc-local alone and one with all three packages, both in folders with a space in
 * their names.
 */
const alone = join(home, 'my project');
const whole = join(home, 'my whole project');
const packed = inject('tarballs');

beforeAll(async () => {
  for (const folder of [alone, whole]) {
    mkdirSync(folder);
    writeStranger(folder);
  }
  await install(alone, packed.local.path);
  const all = [packed.kit.path, packed.local.path, packed.tools.path];
  await install(whole, ...all, '@types/node@20');
  writeSources(whole);
}, MAX_INSTALL_MS);

afterAll(() => rm(home, { recursive: true, force: true }), MAX_INSTALL_MS);

interface Ready {
  fc: string;
  console: string;
  region: string;
  functions: Record<string, string>;
}

/** Starts the cloud of the project in `cwd`; it is ended after the test at the latest. */
async function serve(cwd: string, node: string, ...args: string[]) {
  const local = start('npx', ['fc-local', '--json', ...FREE_PORTS, ...args], { cwd, node });
  onTestFinished(async () => {
    local.signal('SIGTERM');
    await local.ended;
  });
  const ready = JSON.parse(await local.line(/"ready":true/)) as Ready;
  return { ...local, ready };
}

it('fc-local is small, and brings neither tsx nor a compiler', () => {
  expect(packed.local.bytes).toBeLessThan(MAX_PACKED_BYTES);
  console.log(
    Object.entries(packed)
      .map(([name, { bytes }]) => `${name} ${(bytes / 1024).toFixed(0)} KB`)
      .join(', '),
  );
  const installed = readdirSync(join(alone, 'node_modules'));
  expect(installed).toContain('fc-local');
  expect(installed).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:tsx|typescript|esbuild|@esbuild)$/)]),
  );
});

it('their declarations are whole for a strict project, however it resolves modules', async () => {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(dirname(compiler), 'bin', 'tsc');
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['preserve', 'bundler'],
  ] as const)
    await run(
      process.execPath,
      [tsc, '-p', '.', '--module', module, '--moduleResolution', resolution],
      { cwd: whole },
    );
});

it('without LMDB a cloud in memory runs all the same', async () => {
  const lmdb = join(alone, 'node_modules', 'lmdb');
  const aside = join(home, 'lmdb');
  renameSync(lmdb, aside);
  onTestFinished(() => renameSync(aside, lmdb));
  const { ready } = await serve(alone, process.execPath, '--memory');
  expect(await (await fetch(`${ready.functions.hello}there`)).text()).toBe('hello from /there');
});

it('a function without code is named, with what builds it', async () => {
  const code = join(alone, 'code');
  renameSync(code, `${code}-aside`);
  onTestFinished(() => renameSync(`${code}-aside`, code));
  const local = start(
    'npx',
    ['fc-local', '--memory', '--no-build', '--strict', '--json', ...FREE_PORTS],
    {
      cwd: alone,
    },
  );
  expect(await local.ended).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: Function "hello" (s.yaml:11) has no code: ${code} is missing: build it as s.yaml does before a deployment: node --version\n`,
  });
});

describe.each([20, 22, 24])('under Node.js %i', (major) => {
  let node: string | undefined;
  let missing = `there is no Node.js ${major} for this platform`;
  beforeAll(async () => {
    node = await nodeOf(major, join(home, `node-${major}`)).catch((error: Error) => {
      missing = error.message;
      return undefined;
    });
  }, MAX_INSTALL_MS);

  it('the packed command serves a project of plain JavaScript', async ({ skip }) => {
    if (node === undefined) return skip(missing);
    const { ready, signal, ended } = await serve(alone, node);
    expect(await (await fetch(`${ready.functions.hello}there`)).text()).toBe('hello from /there');
    const style = await fetch(`${ready.console}/style.css`);
    expect(style.headers.get('content-type')).toMatch(/^text\/css/);

    const invoke = ['fc-local', 'invoke', 'hello', '--endpoint', ready.fc];
    const { stdout } = await run('npx', invoke, { cwd: alone, node });
    const given = JSON.parse(stdout);
    expect(given.node).toMatch(new RegExp(`^${major}\\.`));
    const { accountId, credentials, env } = given;
    const client = { region: ready.region, credentials, env };
    await new SmqClient({ ...client, accountId }).queue('greetings').send('hello');
    await new OssClient({ ...client, bucket: 'hello-greetings' }).putObject('greeting', 'hello');

    signal('SIGINT');
    expect((await ended).stderr).not.toMatch(/error|warning|not run/i);
    await expect(fetch(ready.console)).rejects.toThrow('fetch failed');
    expect(existsSync(join(alone, '.local'))).toBe(true);
  });

  it('the packed command has its help and its sample events', async ({ skip }) => {
    if (node === undefined) return skip(missing);
    const help = await run('npx', ['fc-local', '--help'], { cwd: alone, node });
    expect(help.stdout).toContain('Usage: fc-local');
    const event = await run('npx', ['fc-local', 'event', 'timer'], { cwd: alone, node });
    expect(JSON.parse(event.stdout)).toMatchObject({ triggerName: 'timer' });
  });

  it('all that the packages export can be imported, and fc-templates builds with it', async ({
    skip,
  }) => {
    if (node === undefined) return skip(missing);
    await run(node, ['all.mjs'], { cwd: whole });
    const build = ['fc-templates', 'build', '--code-cache'];
    expect((await run('npx', build, { cwd: whole, node })).stdout).toMatch(/^greeter .* KB zipped/);
    expect(existsSync(join(whole, 'dist', 'greeter', 'bundle.cache'))).toBe(true);
  });
});
