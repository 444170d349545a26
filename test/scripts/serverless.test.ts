import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LocalCloudError } from '#local/errors';
import { ROOT } from '#scripts/build';
import { jsonIn, runS } from '#scripts/s';
import { bucketState, readTarget, requireAccess } from '#scripts/serverless/preflight';
import { command } from './command.ts';

const said = (error: unknown) =>
  Promise.reject(
    new Error(
      error instanceof LocalCloudError ? `${error.message}: ${error.remedy}` : String(error),
    ),
  );

interface Preview {
  resources: Record<string, { component: string; props: Record<string, unknown> }>;
}

it.each(['testing', 'staging', 'production'])(
  'renders %s with no account, under names of its own',
  async (name) => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    onTestFinished(() => rm(home, { recursive: true }));
    const env = { PATH: process.env.PATH, HOME: home, NODE_ENV: 'test', REGION: 'cn-beijing' };
    const args = ['preview', '--silent', '-o', 'json', '--env', name];
    const { stdout } = await runS(ROOT, args, { ...env, APP_NAME: 'mine' });
    const { resources } = jsonIn(stdout) as Preview;
    expect(resources.infra?.props).toMatchObject({
      name: `mine-${name}`,
      region: 'cn-beijing',
      parameters: { AppName: `mine-${name}` },
    });
    for (const [key, { component, props }] of Object.entries(resources))
      if (component === 'fc3')
        expect(props).toMatchObject({ functionName: `mine-${name}-${key}`, region: 'cn-beijing' });
  },
);

it.each<[string, string | undefined, NodeJS.ProcessEnv, string]>([
  [
    'an environment that is not there',
    'prod',
    {},
    '--env is "prod"; env.yaml has testing, staging',
  ],
  ['an empty environment', '', {}, '--env is ""; env.yaml has testing'],
  ['a region that is none', undefined, { REGION: 'hangzhou' }, 'REGION is "hangzhou", where'],
  ['an app name that is none', undefined, { APP_NAME: 'My App' }, '"AppName" is "My App"'],
  ['an app name too long', undefined, { APP_NAME: 'a'.repeat(33) }, '"AppName" is "aaa'],
  [
    'an app name too long with the environment',
    'production',
    { APP_NAME: 'a'.repeat(25) },
    `"AppName" is "${'a'.repeat(25)}-production": give 2 to 32`,
  ],
  ['a bucket name that is none', undefined, { BUCKET_NAME: 'A_b' }, '"BucketName" is "A_b"'],
])('refuses %s before anything is created', async (_what, environment, env, message) => {
  await expect(readTarget(ROOT, environment, env).catch(said)).rejects.toThrow(message);
});

it('wants a key pair under the alias, and says how to set one', async () => {
  const home = await mkdtemp(join(tmpdir(), 's-home-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const env = { serverless_devs_config_home: home };
  const refused = async () => requireAccess('default', env);
  await expect(refused().catch(said)).rejects.toThrow(
    'no key pair under the alias "default" (there is none): npx s config add -a default',
  );
  await writeFile(join(home, 'access.yaml'), 'other:\n  AccountID: x\n');
  await expect(refused().catch(said)).rejects.toThrow('(there is other)');
  await writeFile(join(home, 'access.yaml'), 'default:\n  AccountID: x\n');
  await expect(refused()).resolves.toBeUndefined();
  const pair = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'a', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'b' };
  expect(() => requireAccess('nobody', { ...env, ...pair })).not.toThrow();
});

it.each([
  [404, '<Code>NoSuchBucket</Code>', 'free'],
  [403, '<Code>AccessDenied</Code>', 'taken'],
  [
    403,
    'The bucket you are attempting to access must be addressed using the specified endpoint',
    'elsewhere',
  ],
  [301, '', 'elsewhere'],
])('understands OSS’s %d to somebody unknown: %s', (status, body, state) => {
  expect(bucketState(status, body)).toBe(state);
});

it('ends a deployment to an unknown environment with one line and exit code 2', async () => {
  const { code, stderr } = await command('serverless', 'deploy', '--env', 'prod').ended;
  expect([code, stderr]).toEqual([
    2,
    'error: --env is "prod"; env.yaml has testing, staging, production\n',
  ]);
});
