import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Addresses } from '#src/cli/addresses';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

const declaration = (name: string, props: string) => `  ${name}:
    component: fc3
    props: { region: cn-hangzhou, functionName: app-${name}, handler: index.handler, ${props} }
`;

const S_YAML = `edition: 3.0.0
name: app
access: default
resources:
${declaration('web', 'runtime: nodejs20, code: ./web, layers: [a]')}${declaration('php', 'runtime: php7.2, code: ./web')}${declaration('gone', 'runtime: nodejs20, code: ./gone')}${declaration('lost', 'runtime: nodejs20, code: ./web, handler2: a, memorySize: 100')}`;

const FILES = { 's.yaml': S_YAML, 'web/index.js': 'exports.handler = async () => 1;' };

it('lists each function that cannot run by its name and its place, once, with the reason', async () => {
  const local = command([...FREE_PORTS, '--memory'], { cwd: folderOf(FILES) });
  await local.line(/^ready$/);
  local.stop();
  const lines = (await local.ended).stdout.split('\n').filter((line) => line.startsWith('not run'));
  expect(lines.map((line) => line.replace(/code: \/\S*\/gone/, 'code: GONE'))).toEqual([
    expect.stringMatching(
      /^not run: Function "php" \(s\.yaml:10\): runtime "php7\.2" is not run here: /,
    ),
    expect.stringMatching(/^not run: Function "lost" \(s\.yaml:16\): memorySize is 100: /),
    expect.stringMatching(
      /^not run: Function "gone" \(s\.yaml:11\): has no code: GONE is missing: /,
    ),
  ]);
});

it('shows them in the console, with the reason at the address of each', async () => {
  const local = command([...FREE_PORTS, '--memory', '--json'], { cwd: folderOf(FILES) });
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  const overview = await (await fetch(ready.console ?? '')).text();
  expect(overview).toContain('What does not run here');
  expect(overview).toContain('is not run here');
  const page = await fetch(`${ready.console}/functions/gone`);
  expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('has no code')]);
});

it('reports only new findings after a change of s.yaml', async () => {
  const cwd = folderOf(FILES);
  const local = command([...FREE_PORTS, '--memory', '--json'], { cwd });
  await local.line(/"ready":true/);
  const file = join(cwd, 's.yaml');
  const anew = `# moved\n${readFileSync(file, 'utf8')}${declaration('go', 'runtime: go1, code: ./web')}${declaration('more', 'runtime: nodejs20, code: ./web, nasConfig: auto')}`;
  writeFileSync(file, anew);
  await local.line(/^deployed more$/);
  local.stop();
  const said = (await local.ended).stderr.split('\n').filter((line) => /:\d+/.test(line));
  const after = said.slice(said.findLastIndex((line) => line.includes('s.yaml:7: ')) + 1);
  expect(after).toEqual([
    expect.stringMatching(/^warning: s\.yaml:\d+: Function "more": nasConfig has no effect here/),
    expect.stringMatching(
      /^not run: Function "go" \(s\.yaml:\d+\): runtime "go1" is not run here: /,
    ),
  ]);
});
