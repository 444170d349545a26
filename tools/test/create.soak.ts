import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withOwnShared } from '#src/create/own-shared/project';
import { runDeployTool } from '#src/deploy-tool/run-deploy-tool';
import { changesOf, writeChanges } from '#src/parts/changes';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { NAMES, plus, project } from './parts/catalog.ts';
import { randomSubsets, SEED } from './parts/subsets.ts';
import { runIn } from './repository-copy.ts';

const QUIET = ['--prefer-offline', '--no-audit', '--no-fund'];
const MAX_MS = 1_200_000;

const home = await mkdtemp(join(tmpdir(), 'created-'));
/** A project of all functions, made as a new user makes it, with its packages installed. */
const whole = join(home, 'my-app');

beforeAll(async () => {
  const made = await run(['create', whole, '--functions', 'all']);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  runIn(whole, 'npm', 'ci', ...QUIET);
}, MAX_MS);

afterAll(() => rm(home, { recursive: true, force: true }));

/** Writes the files of a project to a separate folder, with the packages of the one that was made. */
async function installed(name: string, files: ReturnType<typeof project>): Promise<string> {
  const root = join(home, name);
  await mkdir(root);
  writeChanges(root, changesOf(new Map(), files));
  await symlink(join(whole, 'node_modules'), join(root, 'node_modules'));
  return root;
}

it('it has the versions with which the templates were tested', async () => {
  const versionsIn = async (root: string): Promise<Map<string, string>> => {
    const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
    return new Map(
      Object.entries<{ version?: string; resolved?: string }>(packages)
        .filter(([path, { resolved }]) => path !== '' && resolved === undefined)
        .map(([path, { version = '' }]) => [path, version]),
    );
  };
  const tested = await versionsIn(ROOT);
  const own = [...(await versionsIn(whole))];
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter(([path, version]) => tested.get(path) !== version)).toEqual([]);
});

it(
  'a project of all functions passes its own tests, whatever APP_NAME and REGION are',
  async () => {
    await writeFile(join(whole, '.env'), 'APP_NAME=bob\nREGION=cn-beijing\n');
    runIn(whole, 'env', 'APP_NAME=alice', 'REGION=cn-shanghai', 'npm', 'test');
  },
  MAX_MS,
);

/**
 * Small ones, others each time: the larger are near to the project of all functions, whose tests run
 * too.
 */
const SUBSETS = randomSubsets(200)
  .filter((subset) => subset.length <= 3)
  .slice(0, 4);

it.each(SUBSETS.map((subset) => [subset.join(', '), subset] as const))(
  `a project of %s passes its own tests (SUBSET_SEED=${SEED})`,
  async (_, subset) => {
    const root = await installed(
      `subset-${subset.length}-${subset[0]}-${Math.random()}`,
      project(subset),
    );
    runIn(root, 'npm', 'test');
  },
  MAX_MS,
);

it(
  'a copy of each function passes its own tests, in a project with its own copy of fc-kit',
  async () => {
    const files = NAMES.reduce((all, name) => plus(all, name, `my-${name}`), project(NAMES));
    // The originals' tests have run in the project of all functions, which has the package.
    runIn(await installed('copies', withOwnShared(files)), 'npm', 'test', '--', 'my-');
  },
  MAX_MS,
);

it(
  'a project of queue-consumer with its own copy of fc-kit passes its own tests',
  async () => {
    const files = withOwnShared(project(['queue-consumer']));
    runIn(await installed('own-shared', files), 'npm', 'test');
  },
  MAX_MS,
);

it(
  'a project of ten files takes queue-consumer in two commands, and its test passes',
  async () => {
    const root = join(home, 'theirs');
    for (const [path, text] of Object.entries(THEIRS)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    await cp(join(whole, 'vendor'), join(root, 'vendor'), { recursive: true });
    runIn(
      root,
      'npm',
      'install',
      ...QUIET,
      '--save-dev',
      ...['kit', 'local', 'templates'].map((name) => `./vendor/fc-${name}-0.2.0.tgz`),
    );

    runIn(root, 'npx', 'fc-templates', 'add', 'queue-consumer');
    runIn(root, 'npm', 'install', ...QUIET);
    runIn(root, 'npx', 'fc-templates', 'build');
    runIn(root, 'npx', 'vitest', 'run', 'test/functions/queue-consumer.test.ts');
    runIn(root, 'npx', 'tsc');
  },
  MAX_MS,
);

const compilerOptions = {
  target: 'es2023',
  module: 'preserve',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
};

const THEIRS: Record<string, string> = {
  'package.json': '{\n  "name": "theirs",\n  "private": true,\n  "type": "module"\n}\n',
  'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src', 'functions', 'test'] }),
  's.yaml': `edition: 3.0.0
name: theirs
access: default

# by hand
resources:
  hello:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
`,
  'code/index.js': 'exports.handler = async () => "hello";\n',
  'code/package.json': '{ "type": "commonjs" }\n',
  '.gitignore': 'node_modules\ndist\n',
  'README.md': '# Theirs\n',
  'src/greeting.ts': "export const greeting = (name: string) => ['Hello', name].join(' ');\n",
  'src/names.ts': "export const names = ['Ada', 'Grace'];\n",
  'src/index.ts':
    "import { greeting } from './greeting.ts';\nimport { names } from './names.ts';\n\nexport const all = names.map(greeting);\n",
};

it(
  's init makes a project of a template, which passes its tests in two commands',
  async () => {
    const packed = join(home, 'packed');
    expect(await run(['pack-template', '--out', packed])).toMatchObject({ code: 0, stderr: '' });
    // The command moves the folder away.
    const copy = join(home, 'copy');
    await cp(join(packed, 'queue-consumer'), copy, { recursive: true });
    const app = join(home, 'app');
    const parameters = { region: 'cn-shanghai', appName: 'my-shop', accessAlias: 'team' };
    const args = [
      'init',
      '--uri',
      copy,
      '-d',
      app,
      '-y',
      '--parameters',
      JSON.stringify(parameters),
    ];
    const env = { PATH: process.env.PATH, HOME: home, NODE_ENV: 'test' };
    const { code, stdout, stderr } = await runDeployTool(ROOT, 'init', args, { env });
    expect(code, `${stdout}${stderr}`).toBe(0);
    runIn(app, 'npm', 'ci', ...QUIET);
    runIn(app, 'npm', 'test');
  },
  MAX_MS,
);
