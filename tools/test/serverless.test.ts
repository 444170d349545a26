import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError } from 'fc-local/project';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BucketState, bucketState, checkBucket } from '#src/deploy/bucket';
import { readTarget } from '#src/deploy/target';
import { previewOf } from '#src/deploy-tool/preview';
import { ROOT } from '#test/repository';
import { run } from '#test/run';

const said = (error: unknown) =>
  Promise.reject(
    new Error(
      error instanceof LocalCloudError ? `${error.message}: ${error.remedy}` : String(error),
    ),
  );

it.each(['testing', 'staging', 'production'])(
  'renders %s with no account, under names of its own',
  async (name) => {
    const home = await mkdtemp(join(tmpdir(), 'home-'));
    onTestFinished(() => rm(home, { recursive: true }));
    const env = { PATH: process.env.PATH, HOME: home, REGION: 'cn-beijing' };
    const { resources } = await previewOf(ROOT, name, { ...env, APP_NAME: 'mine' });
    expect(resources.infra?.props).toMatchObject({
      name: `mine-${name}`,
      region: 'cn-beijing',
      parameters: { AppName: `mine-${name}` },
    });
    for (const [key, { component, props }] of Object.entries(resources))
      if (component.startsWith('fc3@'))
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
  ['a region that is none', undefined, { REGION: 'hangzhou' }, 'REGION is "hangzhou", which is no'],
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

it.each([
  [404, '<Code>NoSuchBucket</Code>', 'free'],
  [503, '<Code>ServiceUnavailable</Code>', 'unknown'],
  [403, '<Code>AccessDenied</Code>', 'taken'],
  [
    403,
    'The bucket you are attempting to access must be addressed using the specified endpoint',
    'elsewhere',
  ],
  [301, '', 'elsewhere'],
])('understands OSS’s %d to an unsigned request: %s', (status, body, state) => {
  expect(bucketState(status, body)).toBe(state);
});

describe('a bucket that is in use', () => {
  const ask = async (state: BucketState, answer?: boolean) => {
    const warnings: string[] = [];
    const confirm = answer === undefined ? {} : { confirm: async () => answer };
    await checkBucket(
      { bucket: 'photos', region: 'cn-beijing', state },
      { warn: (text) => void warnings.push(text), ...confirm },
    ).catch(said);
    return warnings;
  };

  it('stops the deployment, unless a person says that it is this stack’s own', async () => {
    await expect(ask('taken', false)).rejects.toThrow(
      'BUCKET_NAME is "photos", which is in use: give another BUCKET_NAME',
    );
    expect(await ask('taken', true)).toEqual([]);
  });

  it('gives a warning if no one can be asked', async () => {
    expect(await ask('taken')).toEqual([expect.stringContaining('already; unless it is this')]);
    expect(await ask('unknown')).toEqual(['OSS could not be asked whether "photos" is free']);
    expect(await ask('free')).toEqual([]);
  });

  it('in another region is never this stack’s', async () => {
    await expect(ask('elsewhere', true)).rejects.toThrow('in another region than cn-beijing');
  });
});

describe('an environment that overlays more than its name', () => {
  async function rootWith(environment: string): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'project-'));
    onTestFinished(() => rm(root, { recursive: true }));
    await cp(join(ROOT, 's.yaml'), join(root, 's.yaml'));
    await cp(join(ROOT, 'infra'), join(root, 'infra'), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'env.yaml'), `environments:\n  - name: east\n${environment}`);
    return root;
  }
  const env = { PATH: process.env.PATH, REGION: 'cn-hangzhou' };

  it('is checked as it will be deployed', async () => {
    const root = await rootWith(`    access: team
    infraStack: { region: cn-shanghai }
    overlays:
      resources: { infra: { name: shop-east, parameters: { BucketName: shop-photos } } }
`);
    expect(await readTarget(root, 'east', env)).toMatchObject({
      access: 'team',
      region: 'cn-shanghai',
      bucket: 'shop-photos',
    });
  });

  it('is refused with the deploy tool’s complaint when it cannot be rendered', async () => {
    const root = await rootWith(
      `    overlays: { resources: { infra: { name: "\u0024{env('NOT_SET')}" } } }\n`,
    );
    await expect(readTarget(root, 'east', env).catch(said)).rejects.toThrow(
      /^s preview .* --env east fails \(.*env\('NOT_SET'\) not found\): correct s\.yaml or env\.yaml/,
    );
  });

  it.each([
    ['name: Shop_East', '"AppName" is "Shop_East": give 2 to 32'],
    [
      'name: shop-east, region: cn-shanghai',
      'has the stack in cn-shanghai and "topic-publisher" in cn-hangzhou: give the environment infraStack: { region: cn-shanghai }',
    ],
    ['name: shop-east, parameters: { BucketName: A_b }', '"BucketName" is "A_b"'],
  ])('is refused with { %s }', async (stack, message) => {
    const root = await rootWith(`    overlays: { resources: { infra: { ${stack} } } }\n`);
    await expect(readTarget(root, 'east', env).catch(said)).rejects.toThrow(message);
  });
});

it.each([
  [['deploy', '--evn', 'staging'], "unknown option '--evn' (Did you mean --env?)"],
  [['deploy', '-e', 'prod'], '--env is "prod"'],
  [['info', '-e', 'prod', 'topic-publisher'], '--env is "prod"'],
  [['deplyo'], "unknown command 'deplyo' (Did you mean deploy?)"],
])('does not run s with %j', async (args, message) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

it('ends a deployment to an unknown environment with one line and exit code 2', async () => {
  expect(await run(['deploy', '--env', 'prod'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: --env is "prod"; env.yaml has testing, staging, production\n',
  });
});

it.each([
  ['cn-wulanchabu', true],
  ['ap-southeast-2', true],
  ['cn-shanghai-finance-1', true],
  ['eu-north-9', false],
])('accepts the region %s, known to have Function Compute: %s', async (region, isKnownRegion) => {
  const target = await readTarget(ROOT, undefined, { REGION: region });
  expect(target).toMatchObject({ region, isKnownRegion });
});
