import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { Identities } from '#src/identities/identities';
import { readProject } from '#src/project/project';
import { oneFunction, oneStack, readFiles, refusalOf } from './project-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The app's name in s.yaml, with which the names of functions, roles, queues and topics begin. */
const APP: string = /^name: (\S+)$/m.exec(readFileSync(join(ROOT, 's.yaml'), 'utf8'))?.[1] ?? '';

describe("the repository's own project", () => {
  const own = () => readProject({ dir: ROOT, env: {}, accountId: '42' });

  it('is read whole, with nothing to warn of', async () => {
    const project = await own();
    expect(project).toMatchObject({ name: APP, warnings: [] });
    expect(project.functions.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining([
        'topic-publisher',
        'queue-consumer',
        'queue-event-consumer',
        'topic-subscriber',
        'oss-uploader',
        'upload-grant',
        'oss-event-handler',
        'oss-sweeper',
        'oss-archiver',
        'queue-fleet',
        'mpaas-vhost',
        'function-invoker',
      ]),
    );
  });

  it('leads from the topic over a subscription to each queue, and from there to the dead letters', async () => {
    const { region, topics, subscriptions, queues } = await own();
    expect(topics).toEqual([{ name: `${APP}-orders` }]);
    expect(subscriptions.slice(0, 2)).toMatchObject([
      {
        topic: `${APP}-orders`,
        endpoint: `acs:mns:${region}:42:queues/${APP}-orders`,
        notifyContentFormat: 'SIMPLIFIED',
      },
      {
        topic: `${APP}-orders`,
        endpoint: `acs:mns:${region}:42:queues/${APP}-shipments`,
        notifyContentFormat: 'SIMPLIFIED',
      },
    ]);
    const chain = queues.map(({ name, deadLetter }) => [name, deadLetter?.queue]);
    for (const link of [
      [`${APP}-orders`, `${APP}-orders-dead`],
      [`${APP}-shipments`, undefined],
      [`${APP}-orders-dead`, undefined],
    ])
      expect(chain).toContainEqual(link);
  });

  it('hands the functions the names that the stack gives its resources', async () => {
    const { functions, buckets, queues, topics } = await own();
    const variables = Object.assign(
      {},
      ...functions
        .filter(({ resource }) => resource !== 'queue-event-consumer')
        .map((fn) => fn.environmentVariables),
    );
    expect(variables).toMatchObject({
      LOG_LEVEL: 'info',
      TOPIC_NAME: topics[0]?.name,
      QUEUE_NAME: queues[0]?.name,
      BUCKET_NAME: buckets[0]?.name,
      RAM_ROLE_ARN: `acs:ram::42:role/${APP}-mpaas-query`,
    });
    expect(buckets).toMatchObject([{ name: `${APP}-42`, acl: 'private' }]);
  });

  it('hides a message in hand for longer than its consumer may run', async () => {
    const { functions, queues } = await own();
    const consumer = functions.find(({ resource }) => resource === 'queue-consumer');
    expect(queues[0]?.visibilityTimeout).toBeGreaterThan(consumer?.timeout ?? Infinity);
  });

  it('can exist twice in one account, under another app name and bucket', async () => {
    const env = { APP_NAME: 'mine', BUCKET_NAME: 'my-bucket', REGION: 'cn-shanghai' };
    const project = await readProject({ dir: ROOT, env, accountId: '42' });
    expect(project.region).toBe('cn-shanghai');
    expect(project.buckets[0]?.name).toBe('my-bucket');
    const { functions, queues, topics, subscriptions, roles } = project;
    const names = [functions, queues, topics, subscriptions, roles].flat().map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith('mine-'))).toEqual([]);
  });

  it.each([
    ['APP_NAME', 'Upper', /^s\.yaml:\d+: Parameter "AppName" is "Upper": give 2 to 32 lower-case/],
    ['BUCKET_NAME', 'a', /^s\.yaml:\d+: Parameter "BucketName" is "a": give 3 to 63 lower-case/],
  ])('refuses %s=%s before anything is created', async (name, value, message) => {
    const read = readProject({ dir: ROOT, env: { [name]: value }, accountId: '42' });
    await expect(
      read.catch((error) => Promise.reject(new Error(`${error.message}: ${error.remedy}`))),
    ).rejects.toThrow(message);
  });

  it('gives each function its own role, which allows what the function does, and nothing more', async () => {
    const { functions, region, roles } = await own();
    const identities = new Identities({
      clock: new DrivenClock(),
      accountId: '42',
      accessKeyId: 'id',
      accessKeySecret: 'secret',
    });
    for (const role of roles) identities.defineRole(role);
    const may = (resource: string, action: string, on: string): boolean => {
      const role = functions.find((fn) => fn.resource === resource)?.role ?? '';
      const { accessKeyId } = identities.assumeRole({
        role,
        sessionName: 'test',
        durationSeconds: 900,
      });
      const key = identities.findAccessKey(accessKeyId);
      return key !== undefined && identities.authorize(key, { action, resource: on }).allowed;
    };
    const topic = `acs:mns:${region}:42:/topics/${APP}-orders/messages`;
    const queue = `acs:mns:${region}:42:/queues/${APP}-orders/messages`;
    const dead = `acs:mns:${region}:42:/queues/${APP}-orders-dead/messages`;
    const object = (key: string) => `acs:oss:*:42:${APP}-42/${key}`;

    expect(new Set(functions.map(({ role }) => role)).size).toBe(functions.length);
    expect(may('topic-publisher', 'mns:PublishMessage', topic)).toBe(true);
    expect(may('topic-publisher', 'mns:SendMessage', queue)).toBe(false);
    for (const action of [
      'ReceiveMessage',
      'BatchReceiveMessage',
      'DeleteMessage',
      'BatchDeleteMessage',
      'ChangeMessageVisibility',
    ]) {
      expect(may('queue-consumer', `mns:${action}`, queue)).toBe(true);
      expect(may('queue-consumer', `mns:${action}`, dead)).toBe(false);
    }
    expect(may('queue-consumer', 'oss:PutObject', object('orders/1.json'))).toBe(true);
    expect(may('queue-consumer', 'oss:PutObject', object('uploads/1.json'))).toBe(false);
    for (const [name, from] of [
      ['queue-consumer', `${APP}-orders`],
      ['queue-event-consumer', `${APP}-shipments`],
      ['topic-subscriber', `${APP}-orders`],
    ] as const) {
      expect(may(name, 'oss:PutObject', object(`quarantine/${from}/1.json`))).toBe(true);
      expect(may(name, 'oss:PutObject', object('quarantine/another/1.json'))).toBe(false);
      expect(may(name, 'oss:GetObject', object('claims/1'))).toBe(true);
      expect(may(name, 'oss:DeleteObject', object('claims/1'))).toBe(false);
    }
    expect(may('queue-event-consumer', 'mns:ReceiveMessage', queue)).toBe(false);
    expect(may('oss-uploader', 'oss:PutObject', object('uploads/1.json'))).toBe(true);
    expect(may('oss-uploader', 'oss:PutObject', object('orders/1.json'))).toBe(false);
    expect(may('oss-uploader', 'oss:DeleteObject', object('uploads/1.json'))).toBe(false);
  });
});

describe('the two files', () => {
  it('are one clear error when s.yaml is not there', async () => {
    expect(await refusalOf({})).toMatch(
      /^There is no file .*s\.yaml: start in the folder of a project/,
    );
  });

  it('are one clear error when the template is not there', async () => {
    const { 's.yaml': text = '' } = oneStack('');
    expect(await refusalOf({ 's.yaml': text })).toMatch(
      /^There is no file .*infra\/template\.yaml: put it there, or correct the path at s\.yaml:9$/,
    );
  });

  it.each([
    ['empty', '', /^s\.yaml: it holds no map/],
    ['a list', '- a', /^s\.yaml: it holds no map/],
    ['no YAML', 'edition: 3.0.0\nname: [a\nvars: {}\n', /^s\.yaml:[23]: it is no valid YAML/],
    [
      'a key twice',
      'name: a\nedition: 3.0.0\nname: b\n',
      /^s\.yaml:3: it is no valid YAML: Map keys must be unique/,
    ],
    ['two documents', 'name: a\n---\nname: b\n', /^s\.yaml:2: it is no valid YAML/],
    ['a key that is a list', '? [a]\n: b\n', /^s\.yaml:1: a key is no plain text/],
    ['an unknown tag', 'name: !Base64 x\n', /^s\.yaml:1: the tag !Base64 is not known here/],
    ['an alias of nothing', 'name: *nothing\n', /^s\.yaml:1: \*nothing is the alias of nothing/],
    [
      'another edition',
      'edition: 1.0.0\nname: a\n',
      /^s\.yaml:1: s\.yaml: edition is "1.0.0", .*: install s 3 .*s2tos3/,
    ],
    ['no resources', 'edition: 3.0.0\nname: a\n', /^s\.yaml:1: s\.yaml has no resources/],
    [
      'nothing under resources',
      'edition: 3.0.0\nname: a\nresources: {}\n',
      /there is no function and no stack/,
    ],
  ])('are refused when s.yaml is %s', async (_, text, message) => {
    expect(await refusalOf({ 's.yaml': text })).toMatch(message);
  });

  it('are read with CRLF and a byte order mark', async () => {
    const { 's.yaml': text = '' } = oneFunction('environmentVariables:\n  TEXT: |\n    a\n    b');
    const project = await readFiles({ 's.yaml': `\uFEFF${text.replaceAll('\n', '\r\n')}` });
    expect(project.functions[0]?.environmentVariables).toEqual({ TEXT: 'a\nb\n' });
  });

  it('are read under the names that are given, with paths from their folder', async () => {
    const { 's.yaml': text = '' } = oneFunction('timeout: 0');
    const files = { 'deploy/prod.yaml': text, 'deploy/.env': '' };
    const [read] = (await readFiles({ 's.yml': text })).leftOut ?? [];
    expect(read?.source).toBe('s.yml:12');
    const { leftOut } = await readFiles(files, { file: 'deploy/prod.yaml' });
    expect(leftOut?.[0]?.source).toBe('deploy/prod.yaml:12');
    const good = { 'deploy/prod.yaml': text.replace('timeout: 0', 'timeout: 9') };
    const { functions } = await readFiles(good, { file: 'deploy/prod.yaml' });
    expect(functions[0]?.codeDir).toMatch(/\/deploy\/dist\/one$/);
  });

  it('are refused with an environment that is not there', async () => {
    const files = oneFunction('');
    expect(await refusalOf(files, { environment: 'staging' })).toMatch(
      /^There is no file .*env\.yaml/,
    );
    const env = 'environments: [{ name: testing }]\n';
    expect(await refusalOf({ ...files, 'env.yaml': env }, { environment: 'staging' })).toMatch(
      /^env\.yaml:1: env\.yaml has no environment "staging": name one of testing$/,
    );
  });

  it('are refused when aliases multiply past all measure', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair]))
      bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
    expect(await refusalOf({ 's.yaml': bomb.join('\n') })).toMatch(/over 50000 values/);
  });
});

describe('a setting without effect here', () => {
  it('is reported with its place', async () => {
    const files = oneFunction('vpcConfig: { vpcId: vpc-1 }\ntracingConfig:\n  type: Jaeger');
    files['s.yaml'] += '  domain:\n    component: fc3-domain\n    prop: {}\nresource: {}\n';
    expect((await readFiles(files)).warnings).toEqual([
      's.yaml:18: s.yaml has the unknown key "resource": did you mean resources?',
      's.yaml:17: Resource "domain" has the unknown key "prop": did you mean props?',
      's.yaml:15: Resource "domain": component fc3-domain has no effect here',
      's.yaml:12: Function "one": vpcConfig has no effect here',
      's.yaml:13: Function "one": tracingConfig has no effect here',
    ]);
  });

  it('is nothing for tags, logs, CPU and an asyncInvokeConfig', async () => {
    const files = oneFunction(
      'tags: [{ key: a, value: b }]\nlogConfig: auto\ncpu: 0.5\nasyncInvokeConfig: { maxAsyncRetryAttempts: 0 }',
    );
    expect((await readFiles(files)).warnings).toEqual([]);
  });

  it('is the region of s.yaml, when the local cloud is given another', async () => {
    const project = await readFiles(oneFunction(''), { region: 'cn-shanghai' });
    expect(project.region).toBe('cn-shanghai');
    expect(project.warnings).toEqual([
      's.yaml:7: region cn-hangzhou is named; the local cloud runs in cn-shanghai',
    ]);
  });
});
