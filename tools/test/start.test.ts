import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { until } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import type { Session } from '#src/command-line/io';
import { startProject } from '#src/start/start-project';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { serverlessFile, strangersProject } from '#test/stranger';

const FREE_PORTS = { smqPort: 0, ossPort: 0, openapiPort: 0, fcPort: 0, consolePort: 0 };

const HTTP =
  '      triggers: [{ triggerName: http, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }]\n';
const says = (expression: string) =>
  `export const handler = async () => ({ statusCode: 200, body: String(${expression}) });\n`;
const oneFunction = (greeting: string) =>
  serverlessFile(
    'hello',
    './dist/hello',
    `      environmentVariables: { GREETING: ${greeting} }\n${HTTP}`,
  );

/** Starts a project, and records the lines that it prints. */
async function started(project: string) {
  let text = '';
  const waiting = new Set<() => void>();
  const output = {
    write(more: string) {
      text += more;
      for (const look of waiting) look();
    },
  };
  const session: Session = {
    stdout: output,
    stderr: output,
    cwd: project,
    project,
    env: {},
    interactive: false,
    exitCode: 0,
    untilStopped: (close) => close(),
  };
  const stop = await startProject(session, { cloud: FREE_PORTS });
  onTestFinished(stop);
  /** Resolves to the first line from now on, or from that index, that matches. */
  const line = (pattern: RegExp, from = 0) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = text
          .slice(from)
          .split('\n')
          .find((one) => pattern.test(one));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const get = async (name: string) => {
    const row = await line(new RegExp(`^${name} +http`));
    return (await fetch(row.slice(row.indexOf('http')).split(',')[0] ?? '')).text();
  };
  return { line, get, printed: () => text };
}

/** Replaces a file atomically, as an editor may. */
async function put(project: string, file: string, text: string): Promise<void> {
  await writeFile(join(project, '..', 'new-of-a-test'), text);
  await rename(join(project, '..', 'new-of-a-test'), join(project, file));
}

it('start says what it does before it has done it', async () => {
  const { code, stdout, stderr } = await run(['start', '--inspect', 'nope']);
  expect(stdout.split('\n')[0]).toBe(`Building the functions of ${resolve(ROOT)}`);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: --inspect is "nope"; give one of /);
});

it('start takes one of --inspect and --inspect-brk', async () => {
  expect(await run(['start', '--inspect', 'a', '--inspect-brk', 'a'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: --inspect and --inspect-brk name a function each; give one of them\n',
  });
});

it('start follows a function’s source, and a new function in s.yaml', async () => {
  const project = await strangersProject({
    's.yaml': oneFunction('hi'),
    'functions/hello/index.ts': says('process.env.GREETING'),
  });
  const { line, get, printed } = await started(project);
  expect(printed()).toMatch(/^Built hello\nStarting the local cloud\n/);
  expect(await get('hello')).toBe('hi');

  let from = printed().length;
  await put(project, 'functions/hello/index.ts', says('process.env.GREETING + "!"'));
  await line(/^built hello$/, from);
  await line(/^deployed hello$/, from);
  expect(await get('hello')).toBe('hi!');

  from = printed().length;
  await put(project, 's.yaml', oneFunction('welcome'));
  await line(/^deployed hello$/, from);
  expect(await get('hello')).toBe('welcome!');

  from = printed().length;
  const more = serverlessFile('more', './dist/more').split('resources:\n')[1] ?? '';
  await put(project, 's.yaml', oneFunction('welcome') + more);
  await mkdir(join(project, 'functions/more'));
  await put(project, 'functions/more/index.ts', says('1'));
  await line(/^built more$/, from);
  await line(/^deployed more$/, from);
});

const stackOf = (queue: string) => `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Queue: { Type: 'ALIYUN::MNS::Queue', Properties: { QueueName: ${queue} } }
`;

it('start follows the template that s.yaml names', async () => {
  const infra =
    '  infra: { component: ros, props: { region: cn-hangzhou, name: stack, template: ./infra/template.yaml } }\n';
  const project = await strangersProject({
    's.yaml': `${oneFunction('hi')}${infra}`,
    'functions/hello/index.ts': says('1'),
    'infra/template.yaml': stackOf('first-queue'),
  });
  const { line } = await started(project);
  const row = await line(/^console +http/);
  const overview = async () => (await fetch(row.slice(row.indexOf('http')))).text();
  expect(await overview()).toContain('/queues/first-queue');
  await put(project, 'infra/template.yaml', stackOf('second-queue'));
  await until(async () => (await overview()).includes('/queues/second-queue'));
});
