import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Addresses } from '#src/cli/addresses';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

const declaration = (name: string, step: string) => `  ${name}:
    component: fc3
    actions:
      pre-deploy:
        - run: ${step}
          path: ./
    props:
      region: cn-hangzhou
      functionName: app-${name}
      runtime: nodejs20
      handler: index.handler
      code: ./dist/${name}
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig: { authType: anonymous, methods: [GET] }
`;

const serverless = (...declarations: string[]) =>
  `edition: 3.0.0\nname: app\naccess: default\nresources:\n${declarations.join('')}`;

const source = (text: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: '${text}' });`;

const copy = (name: string) => `mkdir -p dist/${name} && cp src/${name}.js dist/${name}/index.js`;

async function up(cwd: string, ...args: string[]) {
  const local = command([...FREE_PORTS, '--memory', '--json', ...args], { cwd });
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  return {
    local,
    ready,
    text: async (name: string) => (await fetch(ready.functions[name] ?? '')).text(),
  };
}

it('runs what s.yaml runs before a deployment, and again when a source changes', async () => {
  const cwd = folderOf({
    's.yaml': serverless(declaration('a', copy('a')), declaration('b', copy('b'))),
    'src/a.js': source('one'),
    'src/b.js': source('one'),
  });
  const { local, text } = await up(cwd);
  await local.line(/^build: mkdir -p dist\/a /);
  expect([await text('a'), await text('b')]).toEqual(['one', 'one']);
  writeFileSync(join(cwd, 'src/b.js'), source('two'));
  await local.line(/^deployed b$/);
  await until(async () => (await text('b')) === 'two');
  local.stop();
  expect((await local.ended).stderr).not.toContain('deployed a');
});

it('leaves out the function whose build fails, with what the step printed, until it succeeds', async () => {
  const cwd = folderOf({
    's.yaml': serverless(declaration('a', copy('a')), declaration('b', copy('b'))),
    'src/a.js': source('one'),
  });
  const { local, ready, text } = await up(cwd);
  expect(ready.leftOut).toMatchObject([
    { resource: 'b', reason: expect.stringMatching(/^"mkdir -p dist\/b .* ended with 1 in \//) },
  ]);
  await local.line(/^ {2}cp: .*src\/b\.js/);
  expect(await text('a')).toBe('one');
  writeFileSync(join(cwd, 'src/b.js'), source('two'));
  await local.line(/^deployed b$/);
});

it('uses the existing code with --no-build', async () => {
  const cwd = folderOf({
    's.yaml': serverless(declaration('a', 'exit 1')),
    'dist/a/index.js': source('by hand'),
  });
  const { local, text } = await up(cwd, '--no-build');
  expect(await text('a')).toBe('by hand');
  writeFileSync(join(cwd, 'dist/a/index.js'), source('again'));
  await local.line(/^deployed a$/);
  expect(await text('a')).toBe('again');
});

it('makes an error of a build that fails where it is strict', async () => {
  const cwd = folderOf({ 's.yaml': serverless(declaration('a', 'exit 4')) });
  const { code, stderr } = await command([...FREE_PORTS, '--memory', '--strict'], { cwd }).ended;
  expect([code, stderr.trimEnd().split('\n').at(-1)]).toEqual([
    1,
    expect.stringMatching(/^error: "exit 4" \(s\.yaml:\d+\) ended with 4 in .*--no-build$/),
  ]);
});
