import { describe, expect, it } from 'vitest';
import { oneFunction, refusalOf, warningsOf } from './project-folder.ts';
import { BUCKET, EVENTBRIDGE, OSS, TOPIC, withTrigger } from './with-trigger.ts';

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
