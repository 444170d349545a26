import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SDK_LINES } from '#src/cli/sdk-lines';
import { startLocalCloud } from '#src/main';
import { folderOf } from '#test/temporary-folder';
import { writeProject } from '#test/testing/write-project';
import { command } from './command.ts';

type Client = Record<string, (...args: never[]) => Promise<Record<string, unknown>>>;

/** The call for each client, and its result. */
const ASKED: Record<
  string,
  (client: Client, request: (name: string) => object) => Promise<unknown>
> = {
  'ali-oss': async ({ put, get }) => {
    await put?.(...(['green', Buffer.from('leaves')] as never[]));
    return String((await get?.('green' as never))?.content);
  },
  '@alicloud/mns': async ({ sendMessage }) =>
    (await sendMessage?.(...(['tea', { MessageBody: 'leaves' }] as never[])))?.code,
  '@alicloud/fc2': async ({ invokeFunction }) =>
    (await invokeFunction?.(...(['shop', 'echo', 'leaves'] as never[])))?.data,
  '@alicloud/fc20230330': async ({ invokeFunction }, request) =>
    (await invokeFunction?.(...(['echo', request('InvokeFunctionRequest')] as never[])))
      ?.statusCode,
  '@alicloud/sts20150401': async ({ getCallerIdentity }) =>
    JSON.stringify((await getCallerIdentity?.())?.body),
};

const CAME_OF: Record<string, unknown> = {
  'ali-oss': 'leaves',
  '@alicloud/mns': 201,
  '@alicloud/fc2': 'leaves',
  '@alicloud/fc20230330': 200,
  '@alicloud/sts20150401': expect.stringContaining('user/local'),
};

/** Returns the client that a line creates in that environment. */
function made(name: string, line: string, env: Record<string, string>): [Client, object] {
  const module = createRequire(import.meta.url)(name);
  const Class = module.default ?? module;
  const [, className = ''] = /^new (\w+)/.exec(line) ?? [];
  const make = new Function(className, 'env', `return ${line};`);
  const bound = bind(make(Class, env));
  return [bound, module];
}

/** Binds its methods, so that they can be passed alone. */
function bind(client: object): Client {
  return new Proxy({} as Client, {
    get: (_, name) => {
      const method: unknown = Reflect.get(client, name);
      return typeof method === 'function' ? method.bind(client) : undefined;
    },
  });
}

it('env gives a line for each SDK for Node.js that reads no variable, and it works here', async () => {
  const folder = folderOf({});
  const cloud = await startLocalCloud({
    project: writeProject('exports.handler = async (event) => event;'),
    data: join(folder, '.local'),
    made: { queues: ['tea'], topics: [], buckets: ['tea'] },
  });
  onTestFinished(() => cloud.close());
  const { stdout } = await command(['env'], { cwd: folder }).ended;
  const shell = execFileSync('sh', ['-c', `eval "$1"\nenv`, 'sh', stdout], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  const env = Object.fromEntries(
    shell.split('\n').map((one) => [one.split('=')[0] ?? '', one.slice(one.indexOf('=') + 1)]),
  );
  expect(Object.keys(ASKED)).toEqual(Object.keys(SDK_LINES));
  for (const [name, line] of Object.entries(SDK_LINES)) {
    expect(stdout).toMatch(new RegExp(`^#   ${name} +new `, 'm'));
    expect(stdout).toContain(line);
    const [client, module] = made(name, line.replace("'NAME'", "'tea'"), env);
    const request = (type: string): object => new (Reflect.get(module, type))({});
    expect([name, await ASKED[name]?.(client, request)]).toEqual([name, CAME_OF[name]]);
  }
});

it('env says who reads each variable that it sets', async () => {
  const { stdout } = await command(['env']).ended;
  const notes = stdout.split('\n').filter((line) => line.startsWith('# '));
  const set = [...stdout.matchAll(/^export (\w+)=/gm)].map(([, name = '']) => name);
  const said = notes.join('\n');
  const isSaid = (name: string) =>
    said.includes(name) || said.includes(`${name.replace(/(ID|SECRET)$/, '')}*`);
  expect(set.filter((name) => !isSaid(name))).toEqual([]);
});
