import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
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

const TYPESCRIPT = `import { work } from './work.cjs';
interface Context { credentials: Record<string, string> }
export const handler = async (event: Buffer, { credentials }: Context): Promise<string> =>
  work(event.toString(), credentials);`;

const node = { runtime: 'nodejs20', handler: 'index.handler' } as const;
const custom = (...command: string[]) =>
  ({
    runtime: 'custom.debian12',
    runtimeKind: 'custom',
    handler: 'none',
    custom: { command, port: 9000 },
  }) as const;

interface Language {
  /** Program that has to be on the machine. */
  needs?: string;
  spec: Partial<FunctionSpec>;
  /** File and text. */
  main: readonly [string, string];
}

/** The same function in each way of writing one. */
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
  // As a step before a deployment builds it.
  typescript: {
    spec: node,
    main: ['index.mjs', transformSync(TYPESCRIPT, { loader: 'ts' }).code],
  },
  python: {
    needs: 'python3',
    spec: { runtime: 'python3.10', runtimeKind: 'python', handler: 'index.handler' },
    main: [
      'index.py',
      'from work import work\ndef handler(event, context):\n    c = context.credentials\n    return work(event.decode(), c.access_key_id, c.access_key_secret, c.security_token)',
    ],
  },
  'custom-node': { spec: custom('node', 'index.js'), main: ['index.js', NODE_SERVER] },
  'custom-python': {
    needs: 'python3',
    spec: custom('python3', 'index.py'),
    main: ['index.py', PYTHON_SERVER],
  },
};

function isHere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const ALLOWED = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['oss:PutObject', 'mns:SendMessage'], Resource: ['*'] }],
} as const;

/** An account with a function of one's own: another is deployed beside it. */
async function startCloud() {
  const project = mkdtempSync(join(tmpdir(), 'languages-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  mkdirSync(join(project, 'none'));
  writeFileSync(join(project, 'none/index.js'), 'exports.handler = async () => {};');
  writeFileSync(
    join(project, 's.yaml'),
    `edition: 3.0.0
name: languages
access: default
resources:
  none:
    component: fc3
    props: {region: cn-hangzhou, functionName: none, runtime: nodejs20, handler: index.handler, code: ./none, memorySize: 256}
`,
  );
  const cloud = await startTestCloud({
    project,
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
  return { cloud, project };
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

it.skip.each(missing)('a function in %s needs what is not on this machine', () => {});

it.each(entries.filter((entry) => !missing.includes(entry)))(
  'HTTP trigger, timer, queue and bucket run a function in %s, whose credentials SMQ and OSS take',
  async (name, { spec, main: [file, text] }) => {
    const { cloud, project } = await startCloud();
    const codeDir = join(project, name);
    mkdirSync(codeDir);
    for (const work of ['work.cjs', 'work.py'])
      copyFileSync(join(import.meta.dirname, 'languages', work), join(codeDir, work));
    writeFileSync(join(codeDir, file), text);
    await cloud.fc?.deploy({
      name: `dev-${name}`,
      resource: name,
      codeDir,
      handler: '',
      runtime: '',
      memorySize: 512,
      timeout: 60,
      environmentVariables: { LANGUAGE: name },
      role: 'worker',
      triggers: TRIGGERS,
      source: 's.yaml:1',
      ...spec,
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
