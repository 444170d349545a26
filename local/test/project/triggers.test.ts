import { describe, expect, it } from 'vitest';
import { readFiles, refusalOf } from './project-folder.ts';
import { BUCKET, EVENTBRIDGE, OSS, TOPIC, withTrigger } from './with-trigger.ts';

it('reads an oss trigger', async () => {
  const role = "invocationRole: 'acs:ram::42:role/invoker',";
  const { functions, warnings } = await readFiles(withTrigger('oss', OSS, `${BUCKET} ${role}`));
  expect(functions[0]?.triggers).toEqual([
    {
      type: 'oss',
      name: 't',
      source: 's.yaml:12',
      invocationRole: 'invoker',
      bucket: 'photos',
      events: ['oss:ObjectCreated:PutObject'],
      prefix: 'in/',
      suffix: '',
    },
  ]);
  expect(warnings).toEqual([]);
});

it('warns of events that do not happen here, and of those that happen too often there', async () => {
  const config = OSS.replace('PutObject', "*', 'oss:ObjectRemoved:AbortMultipartUpload");
  const { warnings } = await readFiles(withTrigger('oss', config, BUCKET));
  expect(warnings).toEqual([
    expect.stringMatching(/^s\.yaml:12: .*goes off for every part of a multipart upload/),
    expect.stringContaining('oss:ObjectRemoved:AbortMultipartUpload does not happen here'),
  ]);
});

describe('two oss triggers of one bucket', () => {
  const PUT = 'oss:ObjectCreated:PutObject';
  const trigger = (name: string, event: string, prefix: string, suffix: string) =>
    `{ triggerName: ${name}, triggerType: oss, ${BUCKET} triggerConfig: { events: ['${event}'], filter: { key: { prefix: '${prefix}', suffix: '${suffix}' } } } }`;
  const both = (event: string, prefix: string, suffix: string) => {
    const files = withTrigger('oss', OSS, BUCKET);
    const text = files['s.yaml']?.replace(
      /triggers: .*/,
      `triggers: [${trigger('a', PUT, 'in/', '')}, ${trigger('b', event, prefix, suffix)}]`,
    );
    return { ...files, 's.yaml': text ?? '' };
  };

  it.each([
    [PUT, 'in/', ''],
    [PUT, '', ''],
    [PUT, 'in/deep/', '.jpg'],
    ['oss:ObjectCreated:*', 'in/', ''],
  ])('are refused, as OSS refuses them, for %s, prefix "%s", suffix "%s"', async (...other) => {
    expect(await refusalOf(both(...other))).toMatch(
      /^s\.yaml:\d+: Function "one", trigger "b" overlaps trigger "a" of "one" \(s\.yaml:\d+\), .*: give each a prefix of its own/,
    );
  });

  it.each([
    [PUT, 'out/', ''],
    ['oss:ObjectRemoved:DeleteObject', 'in/', ''],
  ])('stand side by side for %s, prefix "%s", suffix "%s"', async (...other) => {
    expect((await readFiles(both(...other))).functions[0]?.triggers).toHaveLength(2);
  });
});

it('reads an mns_topic trigger', async () => {
  const config = '{ notifyContentFormat: JSON, notifyStrategy: BACKOFF_RETRY, filterTag: urgent }';
  const { functions } = await readFiles(withTrigger('mns_topic', config, TOPIC));
  expect(functions[0]?.triggers).toEqual([
    {
      type: 'mns_topic',
      name: 't',
      source: 's.yaml:12',
      topic: 'news',
      format: 'JSON',
      strategy: 'BACKOFF_RETRY',
      filterTag: 'urgent',
    },
  ]);
});

it('reads an eventbridge trigger with an SMQ queue', async () => {
  const { functions } = await readFiles(withTrigger('eventbridge', EVENTBRIDGE));
  expect(functions[0]?.triggers).toEqual([
    {
      type: 'eventbridge',
      name: 't',
      source: 's.yaml:12',
      enable: true,
      asynchronous: false,
      queue: 'orders',
      decodeBase64: false,
      schema: 'RawData',
      errorsTolerance: 'NONE',
      strategy: 'EXPONENTIAL_DECAY_RETRY',
      batch: { count: 10, seconds: 5 },
      deadLetterQueue: 'orders-dead',
    },
  ]);
});

it('reads asyncInvokeConfig with its destinations', async () => {
  const files = withTrigger('timer', "{ cronExpression: '@every 1m', enable: true }");
  const config = `      asyncInvokeConfig:
        maxAsyncRetryAttempts: 2
        maxAsyncEventAgeInSeconds: 60
        destinationConfig:
          onSuccess: { destination: 'acs:mns:cn-hangzhou:42:/topics/news/messages' }
          onFailure: { destination: 'acs:fc:cn-hangzhou:42:functions/one' }
`;
  files['s.yaml'] = (files['s.yaml'] ?? '').replace('      triggers:', `${config}      triggers:`);
  expect((await readFiles(files)).functions[0]?.asyncInvoke).toEqual({
    maxRetryAttempts: 2,
    maxEventAge: 60,
    onSuccess: { kind: 'topic', name: 'news', source: 's.yaml:16' },
    onFailure: { kind: 'function', name: 'one', source: 's.yaml:17' },
  });
});

it('creates what nothing declares, once, and says what names it', async () => {
  const config = EVENTBRIDGE.replace('QueueName: orders', 'QueueName: new').replace(
    'orders-dead',
    'new',
  );
  const project = await readFiles(withTrigger('eventbridge', config));
  expect(project.created).toEqual([{ kind: 'queue', name: 'new', source: 's.yaml:12' }]);
  expect(project.queues.filter(({ name }) => name === 'new')).toEqual([{ name: 'new' }]);
});

it('takes the filter that names the trigger itself for none', async () => {
  const config = EVENTBRIDGE.replace("'{}'", `'{"source":["MNS-one-t"]}'`);
  expect((await readFiles(withTrigger('eventbridge', config))).leftOut).toBeUndefined();
});

it('takes an empty payload of a timer, and one without a value, for none', async () => {
  for (const payload of ["''", '~']) {
    const config = `{ cronExpression: '@every 1m', enable: true, payload: ${payload} }`;
    const { functions } = await readFiles(withTrigger('timer', config), { strict: true });
    expect(functions[0]?.triggers[0]).not.toHaveProperty('payload');
  }
});

it('reads authConfig of authType jwt as a map, and as JSON in a text', async () => {
  const config = (auth: string) => `{ authType: jwt, methods: [GET], authConfig: ${auth} }`;
  for (const auth of ['{ jwks: { keys: [] } }', `'{"jwks":{"keys":[]}}'`]) {
    const { functions } = await readFiles(withTrigger('http', config(auth)));
    expect(functions[0]?.triggers[0]).toMatchObject({
      authType: 'jwt',
      authConfig: { jwks: { keys: [] } },
    });
  }
});

it('reads corsConfig', async () => {
  const cors = '{ allowOrigins: [a], allowCredentials: true, maxAge: 5, allowMethods: [GET] }';
  const config = `{ authType: anonymous, methods: [GET], corsConfig: ${cors} }`;
  const { functions, warnings } = await readFiles(withTrigger('http', config));
  expect(functions[0]?.triggers[0]).toMatchObject({
    cors: { allowOrigins: ['a'], allowCredentials: true, maxAge: 5, allowMethods: ['GET'] },
  });
  expect(warnings).toEqual([]);
});

it('takes the http trigger of LATEST where an alias has another', async () => {
  const files = withTrigger('http', '{ authType: function, methods: [GET] }', 'qualifier: test,');
  const second =
    '{ triggerName: u, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }';
  const text = (files['s.yaml'] ?? '').replace(/(triggers: \[.*)\]$/m, `$1, ${second}]`);
  const { functions, leftOut } = await readFiles({ ...files, 's.yaml': text });
  expect(functions[0]?.triggers).toMatchObject([{ name: 'u', authType: 'anonymous' }]);
  expect(leftOut).toMatchObject([{ what: 'Trigger "t" of "one"', resource: 'one' }]);
});

it('leaves out a trigger of an unknown type, and nothing else', async () => {
  const { functions, leftOut } = await readFiles(withTrigger('cdn_events', '{}'));
  expect(functions).toMatchObject([{ name: 'one', triggers: [] }]);
  expect(leftOut).toEqual([
    {
      what: 'Trigger "t" of "one"',
      resource: 'one',
      source: 's.yaml:12',
      reason: 'Function "one", trigger "t": the type cdn_events is not known here',
      remedy: 'use one of eventbridge, http, mns_topic, oss, timer',
    },
  ]);
});
