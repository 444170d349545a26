import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Addresses } from '#src/cli/addresses';
import { close, listen } from '#src/http/listen';
import { until } from '#src/testing/until';
import { folderOf } from '#test/temporary-folder';
import { command } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

function declaration(name: string, triggers: string): string {
  return `  ${name}:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: app-${name}
      runtime: nodejs20
      handler: index.handler
      code: ./${name}
      timeout: 10
      triggers: ${triggers}
`;
}

const HTTP =
  '[{ triggerName: http, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }]';
const TIMER =
  "[{ triggerName: daily, triggerType: timer, triggerConfig: { cronExpression: '@every 24h', enable: true } }]";

const SERVERLESS = `edition: 3.0.0
name: app
access: default
resources:
${declaration('web', HTTP)}${declaration('job', TIMER)}`;

const answer = (text: string) =>
  `exports.handler = async () => ({ statusCode: 200, body: '${text}' });`;

const PROJECT = {
  's.yaml': SERVERLESS,
  'web/index.js': answer('one'),
  'job/index.js': "exports.handler = async () => 'done';",
};

/** Starts the command in that folder and waits until it is up. */
async function up(cwd: string, ...args: string[]) {
  const local = command([...FREE_PORTS, '--json', ...args], { cwd });
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  const text = async (path = '') => (await fetch(`${ready.functions.web}${path}`)).text();
  return { local, ready, text };
}

it('prints its progress, what runs and how to try it, and stays up', async () => {
  const cwd = folderOf(PROJECT);
  const local = command([...FREE_PORTS], { cwd });
  await local.line(/^ready$/);
  const web = await local.line(/^ +curl http/);
  await expect(fetch(web.replace(/^ +curl /, ''))).resolves.toMatchObject({ status: 200 });
  local.stop();
  const { stdout, stderr, code } = await local.ended;
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^fc-local \d+\.\d+\.\d+: s\.yaml in \//);
  expect(lines).toContainEqual(expect.stringMatching(/^job +timer @every 24h$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^ +npx fc-local event timer \| npx fc-local invoke job --event -$/),
  );
});

it('finds the running cloud by its data folder, for the other commands', async () => {
  const cwd = folderOf(PROJECT);
  const { ready, local } = await up(cwd);
  const invoked = await command(['invoke', 'job'], { cwd }).ended;
  expect(invoked).toMatchObject({ code: 0, stdout: 'done\n' });
  const { stdout } = await command(['env'], { cwd }).ended;
  expect(stdout).toContain(`export SMQ_ENDPOINT='${ready.smq}'`);
  expect(stdout).toContain(`export FUNCTION_ENDPOINT='${ready.fc}'`);
  const other = await command(['logs', 'job'], { env: { FUNCTION_ENDPOINT: ready.fc } }).ended;
  expect(other.code).toBe(0);
  local.stop();
  await local.ended;
  const { stderr } = await command(['invoke', 'job', '--endpoint', ready.fc ?? ''], { cwd }).ended;
  expect(stderr).toContain('Nothing answers');
});

it('leaves out a function that cannot run, with the reason, and runs the others', async () => {
  const { 'job/index.js': _, ...rest } = PROJECT;
  const cwd = folderOf(rest);
  const { ready, text } = await up(cwd, '--memory');
  expect(ready.leftOut).toEqual([
    {
      what: 'Function "job"',
      resource: 'job',
      source: 's.yaml:15',
      reason: `has no code: ${cwd}/job is missing`,
      remedy: 'put the built code there, or name its folder under code',
    },
  ]);
  expect(ready.runs.map((one) => one.function)).toEqual(['web']);
  expect(await text()).toBe('one');
});

it.each([
  ['--strict', ['--strict'], {}],
  ['CI=true', [], { CI: 'true' }],
])('makes an error of what cannot run with %s', async (_, args, env) => {
  const { 'job/index.js': _code, ...rest } = PROJECT;
  const cwd = folderOf(rest);
  const strict = command([...FREE_PORTS, '--memory', ...args], { cwd, env });
  expect(await strict.ended).toMatchObject({
    code: 1,
    stderr: `error: Function "app-job" (s.yaml:15) has no code: ${cwd}/job is missing: put the built code there, or name its folder under code\n`,
  });
});

it('leaves out all the same with --no-strict where CI=true', async () => {
  const { 'job/index.js': _, ...rest } = PROJECT;
  const args = [...FREE_PORTS, '--memory', '--no-strict', '--json'];
  const local = command(args, { cwd: folderOf(rest), env: { CI: 'true' } });
  expect(await local.line(/"ready":true/)).toContain('"leftOut":[{');
});

it('makes the queues, topics and buckets that it is given', async () => {
  const args = ['--queue', 'orders', '--queue', 'dead', '--topic', 'news', '--bucket', 'photos'];
  const { local, ready } = await up(folderOf(), '--no-functions', '--memory', ...args);
  const page = await (await fetch(ready.console ?? '')).text();
  for (const name of ['orders', 'dead', 'news', 'photos']) expect(page).toContain(name);
  local.stop();
});

it.each([
  ['--queue', 'two words'],
  ['--bucket', 'Photos'],
])('refuses a name that cannot be: %s %s', async (option, name) => {
  const { code, stderr } = await command([option, name]).ended;
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${option} is "${name}"; give `)]);
});

it('takes the next free port where none was chosen, and says so in one line', async () => {
  const holders = await Promise.all(
    [6801, 6805].map(async (port) => {
      const server = createServer();
      await listen(server, '127.0.0.1', port).catch(() => {});
      return server;
    }),
  );
  onTestFinished(async () => {
    for (const server of holders) await close(server);
  });
  const ports = ['--oss-port', '0', '--openapi-port', '0', '--fc-port', '0'];
  const local = command(['--no-functions', '--memory', ...ports]);
  expect(await local.line(/^SMQ: /)).toMatch(/^SMQ: port 6801 is taken, so it is at \d+$/);
  expect(await local.line(/^console: /)).toMatch(/^console: port 6805 is taken, so it is at \d+$/);
  await local.line(/^ready$/);
});

it('says which functions a debugger can be attached to', async () => {
  const cwd = folderOf(PROJECT);
  const { code, stderr } = await command([...FREE_PORTS, '--memory', '--inspect', 'wbe'], { cwd })
    .ended;
  expect([code, stderr]).toEqual([
    1,
    'error: There is no function "wbe" to debug: give one of web, job\n',
  ]);
});

it('opens a port for a debugger with the first request', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  await close(server);
  const cwd = folderOf(PROJECT);
  const { local, text } = await up(
    cwd,
    '--memory',
    '--inspect',
    'web',
    '--inspect-port',
    `${port}`,
  );
  expect(await local.line(/^web: /)).toMatch(`opens 127.0.0.1:${port} for a debugger`);
  expect(await local.line(/^web: /)).not.toContain('waits');
  expect(await text()).toBe('one');
  const targets: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  expect(targets).toMatchObject([{ type: 'node' }]);
});

it('says that a function waits for a debugger', async () => {
  const cwd = folderOf(PROJECT);
  const { local } = await up(cwd, '--memory', '--inspect-brk', 'web', '--inspect-port', '9230');
  expect(await local.line(/^web: /)).toMatch(
    /opens 127\.0\.0\.1:9230 for .* waits until one is attached/,
  );
});

it('deploys a function anew when its code changes, while what runs ends on the old code', async () => {
  const slow = (text: string) =>
    `exports.handler = async (event) => {
      const { rawPath } = JSON.parse(event);
      if (rawPath === '/slow') await new Promise((done) => setTimeout(done, 3000));
      return { statusCode: 200, body: '${text}' };
    };`;
  const cwd = folderOf({ ...PROJECT, 'web/index.js': slow('one') });
  const { local, text } = await up(cwd, '--memory');
  expect(await text()).toBe('one');
  const inFlight = text('slow');
  writeFileSync(join(cwd, 'web/index.js'), slow('two'));
  await local.line(/^deployed web$/);
  expect(await text()).toBe('two');
  expect(await inFlight).toBe('one');
});

it('follows s.yaml: a function that is new, changed or gone; an error leaves what runs', async () => {
  const cwd = folderOf({ ...PROJECT, 'more/index.js': answer('more') });
  const { local, ready, text } = await up(cwd, '--memory');
  const write = (yaml: string) => writeFileSync(join(cwd, 's.yaml'), yaml);

  write(`${SERVERLESS}   broken: [`);
  expect(await local.line(/^error: .*; the previous version continues$/)).toContain('s.yaml');
  expect(await text()).toBe('one');

  const web = declaration('web', HTTP);
  write(
    SERVERLESS.replace(declaration('job', TIMER), declaration('more', HTTP)).replace(
      web,
      web.replace('10', '20'),
    ),
  );
  await local.line(/^deployed more$/);
  await local.line(/^deployed web$/);
  await local.line(/^removed job$/);
  const more = await fetch(`${ready.fc}/more/`);
  expect(await more.text()).toBe('more');
  await until(async () => (await fetch(`${ready.fc}/_local/logs/job`)).status === 404);
  expect(readFileSync(join(cwd, 's.yaml'), 'utf8')).toContain('more');
});
