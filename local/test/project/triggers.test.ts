import { describe, expect, it } from 'vitest';
import {
  type Files,
  oneFunction,
  oneStack,
  readFiles,
  refusalOf,
  warningsOf,
} from './project-folder.ts';

const RESOURCES = `
Orders:
  Type: ALIYUN::MNS::Queue
  Properties: { QueueName: orders }
Dead:
  Type: ALIYUN::MNS::Queue
  Properties: { QueueName: orders-dead }
News:
  Type: ALIYUN::MNS::Topic
  Properties: { TopicName: news }
Photos:
  Type: ALIYUN::OSS::Bucket
  Properties: { BucketName: photos }
Invoker:
  Type: ALIYUN::RAM::Role
  Properties:
    RoleName: invoker
    AssumeRolePolicyDocument:
      Version: '1'
      Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: [oss.aliyuncs.com] } }]
`;

const EVENTBRIDGE = `{ triggerEnable: true, asyncInvocationType: false, eventRuleFilterPattern: '{}',
  eventSourceConfig: { eventSourceType: MNS, eventSourceParameters: { sourceMNSParameters:
    { RegionId: cn-hangzhou, QueueName: orders, IsBase64Decode: false } } },
  eventSinkConfig: { deliveryOption: { eventSchema: RawData } },
  runOptions: { mode: event-streaming, errorsTolerance: NONE,
    retryStrategy: { PushRetryStrategy: EXPONENTIAL_DECAY_RETRY },
    deadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:42:/queues/orders-dead' },
    batchWindow: { CountBasedWindow: 10, TimeBasedWindow: 5 } } }`;

/** A function with one trigger, in a project with a queue, a topic, a bucket and a role. */
function withTrigger(type: string, config: string, rest = ''): Files {
  const stack = oneStack(RESOURCES);
  const fn = oneFunction(
    `triggers: [{ triggerName: t, triggerType: ${type}, ${rest} triggerConfig: ${config.replaceAll('\n', ' ')} }]`,
  );
  const infra = (stack['s.yaml'] ?? '').split('resources:\n')[1];
  return { ...stack, 's.yaml': `${fn['s.yaml']}${infra}` };
}

const OSS =
  "{ events: ['oss:ObjectCreated:PutObject'], filter: { key: { prefix: in/, suffix: '' } } }";
const BUCKET = "sourceArn: 'acs:oss:cn-hangzhou:42:photos',";
const TOPIC = "sourceArn: 'acs:mns:cn-hangzhou:42:/topics/news',";

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

describe('refuses', () => {
  const topic = '{ notifyContentFormat: JSON, notifyStrategy: BACKOFF_RETRY }';
  it.each<[string, string, string, string, RegExp]>([
    ['an unknown event', 'oss', OSS.replace('PutObject', 'PutObjekt'), BUCKET, /events has "oss:/],
    ['no sourceArn', 'oss', OSS, '', /has no sourceArn/],
    [
      'a topic ARN for a bucket',
      'oss',
      OSS,
      TOPIC,
      /sourceArn is ".*": write acs:oss:<region>:<account>:<bucket>/,
    ],
    ['no notifyStrategy', 'mns_topic', '{ notifyContentFormat: JSON }', TOPIC, /notifyStrategy/],
    [
      'XML, which FC does not take',
      'mns_topic',
      topic.replace('JSON', 'XML'),
      TOPIC,
      /use one of STREAM, JSON/,
    ],
    [
      'a long filterTag',
      'mns_topic',
      topic.replace(' }', ', filterTag: seventeen-letters }'),
      TOPIC,
      /filterTag has 17 characters: give 16 at most/,
    ],
    [
      'another event source',
      'eventbridge',
      EVENTBRIDGE.replace('Type: MNS', 'Type: RocketMQ'),
      '',
      /eventSourceType "RocketMQ" is not known to the local cloud/,
    ],
    [
      'an event filter',
      'eventbridge',
      EVENTBRIDGE.replace("'{}'", `'{"source":["a"]}'`),
      '',
      /events are not filtered here: write '\{\}'/,
    ],
    [
      'event-driven mode',
      'eventbridge',
      EVENTBRIDGE.replace('event-streaming', 'event-driven'),
      '',
      /mode event-driven is not known/,
    ],
    [
      'too large a batch',
      'eventbridge',
      EVENTBRIDGE.replace('CountBasedWindow: 10', 'CountBasedWindow: 10001'),
      '',
      /CountBasedWindow is 10001: write a whole number from 1 to 10000/,
    ],
  ])('%s', async (_, type, config, rest, message) => {
    expect(await refusalOf(withTrigger(type, config, rest))).toMatch(message);
  });

  it.each([
    ['maxAsyncRetryAttempts: 9', /from 0 to 8/],
    ['maxAsyncEventAgeInSeconds: 0', /from 1 to 2592000/],
  ])('asyncInvokeConfig with %s', async (line, message) => {
    expect(await refusalOf(oneFunction(`asyncInvokeConfig:\n  ${line}`))).toMatch(message);
  });
});

describe('warns of', () => {
  it.each<[string, string, string, string, RegExp]>([
    [
      'no suffix',
      'oss',
      OSS.replace(", suffix: ''", ''),
      BUCKET,
      /has no suffix under filter\.key/,
    ],
    [
      'a bucket that nothing declares',
      'oss',
      OSS,
      BUCKET.replace('photos', 'photo5'),
      /^s\.yaml:12: .*names the bucket "photo5", which nothing declares: it is created; did you mean photos\?$/,
    ],
    [
      'a topic that nothing declares',
      'mns_topic',
      '{ notifyContentFormat: JSON, notifyStrategy: BACKOFF_RETRY }',
      TOPIC.replace('news', 'weather'),
      /names the topic "weather", which nothing declares: it is created$/,
    ],
    [
      'a queue that nothing declares',
      'eventbridge',
      EVENTBRIDGE.replace('QueueName: orders', 'QueueName: order'),
      '',
      /names the queue "order", .*did you mean orders\?$/,
    ],
    [
      'a role that nothing declares',
      'oss',
      OSS,
      `${BUCKET} invocationRole: stranger,`,
      /no template has the role "stranger": .*everything is allowed here$/,
    ],
    [
      'an alias',
      'timer',
      "{ cronExpression: '@every 1m', enable: true }",
      'qualifier: prod,',
      /qualifier has no/,
    ],
  ])('%s', async (_, type, config, rest, message) => {
    expect(await warningsOf(withTrigger(type, config, rest))).toMatch(message);
  });

  it.each([
    [
      "destinationConfig: { onFailure: { destination: 'acs:eventbridge:a:b:eventbus/c' } }",
      /not known to the local cloud, and nothing is sent there/,
    ],
    [
      "destinationConfig: { onFailure: { destination: 'acs:mns:a:b:/queues/none/messages' } }",
      /names the queue "none", which nothing declares: it is created$/,
    ],
    [
      "destinationConfig: { onFailure: { destination: 'acs:mns:a:b:/queues/orders' } }",
      /use acs:mns:<region>:<account>:\/queues\/<queue>\/messages, /,
    ],
    [
      "destinationConfig: { onFailure: { destination: 'acs:fc:a::functions/other' } }",
      /names the function "other", which is not run here, and nothing is sent there$/,
    ],
    ['asyncTask: true', /asyncTask has no effect here$/],
  ])('asyncInvokeConfig with %s', async (line, message) => {
    expect(await warningsOf(oneFunction(`asyncInvokeConfig:\n  ${line}`))).toMatch(message);
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
