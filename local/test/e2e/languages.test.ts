import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { FunctionSpec } from '#src/project/types';
import { startTestCloud } from '#src/testing/test-cloud';
import { until } from '#src/testing/until';

const NODE_SERVER = `const { work } = require('./work.cjs');
require('node:http').createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { headers } = request;
  const keys = { accessKeyId: headers['x-fc-access-key-id'], accessKeySecret: headers['x-fc-access-key-secret'], securityToken: headers['x-fc-security-token'] };
  const kind = headers['x-fc-control-path'] === '/http-invoke' ? 'http' : undefined;
  response.end(await work(body, keys, kind));
}).listen(process.env.FC_SERVER_PORT);`;

const PYTHON_SERVER = `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from work import work

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text, h = self.rfile.read(int(self.headers['content-length'])).decode(), self.headers
        kind = 'http' if h['x-fc-control-path'] == '/http-invoke' else None
        said = work(text, h['x-fc-access-key-id'], h['x-fc-access-key-secret'], h['x-fc-security-token'], kind)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

HTTPServer(('0.0.0.0', int(os.environ['FC_SERVER_PORT'])), Handler).serve_forever()`;

const file = (name: string) => readFileSync(join(import.meta.dirname, 'languages', name), 'utf8');

const TYPESCRIPT = `import { work } from './work.cjs';
interface Context { credentials: Record<string, string> }
export const handler = async (event: Buffer, { credentials }: Context): Promise<string> =>
  work(event.toString(), credentials);`;

const ESBUILD = createRequire(import.meta.url)
  .resolve('esbuild')
  .replaceAll('\\', '/');

const node = { runtime: 'nodejs20', handler: 'index.handler' } as const;
const custom = (...command: string[]) =>
  ({
    runtime: 'custom.debian12',
    runtimeKind: 'custom',
    handler: 'none',
    custom: { command, port: 9000 },
  }) as const;

interface Language {
  /** A program that the machine must have, and the option that prints its version. */
  needs?: readonly [program: string, version: string];
  /** The step before a deployment that builds the code, in the folder `built`. */
  build?: string;
  spec: Partial<FunctionSpec>;
  /** File name and text. */
  main: readonly [string, string];
}

/** The same function in each language. */
const LANGUAGES: Record<string, Language> = {
  commonjs: {
    spec: node,
    main: [
      'index.js',
      "const { work } = require('./work.cjs');\nexports.handler = (event, { credentials }) => work(event.toString(), credentials);",
    ],
  },
  esm: {
    spec: node,
    main: [
      'index.mjs',
      "import { work } from './work.cjs';\nexport const handler = (event, { credentials }) => work(event.toString(), credentials);",
    ],
  },
  typescript: {
    spec: node,
    build: `"${process.execPath}" -e "require('${ESBUILD}').buildSync({ entryPoints: ['index.ts'], bundle: true, platform: 'node', outfile: 'built/index.js' })"`,
    main: ['index.ts', TYPESCRIPT],
  },
  python: {
    needs: ['python3', '--version'],
    spec: { runtime: 'python3.10', runtimeKind: 'python', handler: 'index.handler' },
    main: [
      'index.py',
      'from work import work\ndef handler(event, context):\n    c = context.credentials\n    return work(event.decode(), c.access_key_id, c.access_key_secret, c.security_token)',
    ],
  },
  'custom-node': { spec: custom('node', 'index.js'), main: ['index.js', NODE_SERVER] },
  'custom-python': {
    needs: ['python3', '--version'],
    spec: custom('python3', 'index.py'),
    main: ['index.py', PYTHON_SERVER],
  },
  java: {
    needs: ['javac', '-version'],
    spec: custom('java', '-cp', '.', 'Main'),
    build: 'javac -d built Main.java',
    main: ['Main.java', file('Main.java')],
  },
  go: {
    needs: ['go', 'version'],
    spec: custom('./main'),
    build: 'go build -o built/main main.go',
    main: ['main.go', file('main.go')],
  },
};

function isHere([program, version]: NonNullable<Language['needs']>): boolean {
  try {
    execFileSync(program, [version], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const ALLOWED = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['oss:PutObject', 'mns:SendMessage'], Resource: ['*'] }],
} as const;

/** Starts an account with a project of that function alone, whose step has been run. */
async function startCloud(name: string, { build, spec, main: [path, text] }: Language) {
  const project = mkdtempSync(join(tmpdir(), 'languages-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  for (const work of ['work.cjs', 'work.py'])
    copyFileSync(join(import.meta.dirname, 'languages', work), join(project, work));
  writeFileSync(join(project, path), text);
  mkdirSync(join(project, 'built'));
  if (!build)
    for (const one of ['work.cjs', 'work.py', path])
      copyFileSync(join(project, one), join(project, 'built', one));
  const props = {
    region: 'cn-hangzhou',
    functionName: `dev-${name}`,
    runtime: spec.runtime,
    handler: spec.handler,
    code: './built',
    ...(spec.custom && { customRuntimeConfig: { command: spec.custom.command } }),
  };
  const actions = { 'pre-deploy': [{ run: build, path: './' }] };
  const resource = { component: 'fc3', ...(build && { actions }), props };
  writeFileSync(
    join(project, 's.yaml'),
    `edition: 3.0.0\nname: languages\naccess: default\nresources: ${JSON.stringify({ [name]: resource })}\n`,
  );
  const cloud = await startTestCloud({
    project,
    build: true,
    strict: true,
    resources: {
      queues: [{ name: 'in' }, { name: 'seen' }],
      buckets: [{ name: 'records', acl: 'private' }],
      roles: [
        {
          name: 'worker',
          trust: {
            Version: '1',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: ['fc.aliyuncs.com'] },
              },
            ],
          },
          policies: [{ name: 'work', document: structuredClone(ALLOWED) as never }],
        },
      ],
    },
  });
  onTestFinished(() => cloud.close());
  return cloud;
}

const TRIGGERS: FunctionSpec['triggers'] = [
  { type: 'http', name: 'web', authType: 'anonymous', methods: ['POST'] },
  { type: 'timer', name: 'tick', cronExpression: '@every 24h', enable: true, source: 's.yaml:1' },
  {
    type: 'eventbridge',
    name: 'orders',
    queue: 'in',
    enable: true,
    asynchronous: false,
    decodeBase64: false,
    schema: 'CloudEvents',
    batch: { count: 1, seconds: 0 },
    errorsTolerance: 'ALL',
    strategy: 'BACKOFF_RETRY',
    source: 's.yaml:1',
  },
  {
    type: 'oss',
    name: 'uploads',
    bucket: 'records',
    events: ['oss:ObjectCreated:PutObject'],
    prefix: 'in/',
    suffix: '',
    source: 's.yaml:1',
  },
];

const entries = Object.entries(LANGUAGES);
const missing = entries.filter(([, { needs }]) => needs !== undefined && !isHere(needs));

it.skip.each(missing)('a function in %s needs a program that is not on this machine', () => {});

it.each(entries.filter((entry) => !missing.includes(entry)))(
  'HTTP trigger, timer, queue and bucket run a function in %s, whose credentials SMQ and OSS take',
  async (name, language) => {
    const cloud = await startCloud(name, language);
    // Its triggers name resources that no template has, so they are deployed with the built code.
    await cloud.fc?.deploy({
      ...cloud.function(name).spec,
      memorySize: 512,
      timeout: 60,
      environmentVariables: { LANGUAGE: name },
      role: 'worker',
      triggers: TRIGGERS,
    });

    const answer = await fetch(cloud.fc?.httpTriggerUrl(name) ?? '', {
      method: 'POST',
      body: 'hi',
    });
    expect(await answer.text()).toBe(`${name} http`);
    await cloud.fc?.fireTimer(name);
    await cloud.queue('in').send('an order');
    await cloud.bucket('records').put('in/a.txt', 'a');
    const seen = async () => (await cloud.queue('seen').messages()).map(({ body }) => body).sort();
    await until(async () => (await seen()).length >= 4);
    const kinds = ['http', 'oss', 'queue', 'timer'];
    expect(await seen()).toEqual(kinds.map((kind) => `${name} ${kind}`));
    expect(Object.keys(await cloud.bucket('records').objects(`${name}/`)).sort()).toEqual(
      kinds.map((kind) => `${name}/${kind}`),
    );
  },
);
