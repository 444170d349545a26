import { describe, expect, it } from 'vitest';
import { indent, oneStack, QUEUE, readFiles, refusalOf } from '../project-folder.ts';

describe('a queue', () => {
  const queue = (properties: string) =>
    oneStack(
      `${QUEUE}\n${indent(properties, 4)}\nDead:\n  Type: ALIYUN::MNS::Queue\n  Properties: { QueueName: dead }`,
    );

  it('has its attributes', async () => {
    const { queues } = await readFiles(
      queue(`DelaySeconds: 1
MaximumMessageSize: 2048
MessageRetentionPeriod: 60
VisibilityTimeout: 43200
PollingWaitSeconds: 30
DlqPolicy: { Enabled: true, DeadLetterTargetQueue: dead, MaxReceiveCount: 3 }`),
    );
    expect(queues[0]).toEqual({
      name: 'q',
      delaySeconds: 1,
      maximumMessageSize: 2048,
      messageRetentionPeriod: 60,
      visibilityTimeout: 43200,
      pollingWaitSeconds: 30,
      deadLetter: { queue: 'dead', maxReceiveCount: 3 },
    });
  });

  it('has no dead letters while its policy is off', async () => {
    const { queues } = await readFiles(queue('DlqPolicy: { Enabled: false }'));
    expect(queues[0]).toEqual({ name: 'q' });
  });

  it.each([
    ['VisibilityTimeout: 0', /VisibilityTimeout is 0: write a whole number from 1 to 43200/],
    ['PollingWaitSeconds: 31', /PollingWaitSeconds is 31/],
    ["DelaySeconds: '1'", /DelaySeconds is "1"/],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: none, MaxReceiveCount: 3 }',
      /DlqPolicy names the queue "none", which the template does not have: name one of q, dead/,
    ],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: q, MaxReceiveCount: 3 }',
      /DlqPolicy names the queue itself/,
    ],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: dead }',
      /DlqPolicy has no MaxReceiveCount/,
    ],
  ])('is refused with %s', async (properties, message) => {
    expect(await refusalOf(queue(properties))).toMatch(message);
  });

  it.each([`1${'a'.repeat(119)}`, '1'])('may be called %s', async (name) => {
    const { queues } = await readFiles(
      oneStack(QUEUE.replace('QueueName: q', `QueueName: '${name}'`)),
    );
    expect(queues).toEqual([{ name }]);
  });

  it.each(['a'.repeat(121), '-a', 'a_b'])('is refused when it is called %s', async (name) => {
    expect(
      await refusalOf(oneStack(QUEUE.replace('QueueName: q', `QueueName: '${name}'`))),
    ).toMatch(/use letters, digits and hyphens, 120 at most, beginning with a letter or a digit/);
  });

  it('is refused under the name of another', async () => {
    const files = oneStack(`${QUEUE}\n${QUEUE.replace('Queue:', 'Other:')}`);
    expect(await refusalOf(files)).toMatch(
      /Resource "Other": QueueName is "q", as that of "Queue"/,
    );
  });
});

it('a queue that takes less than its topic gives cannot be subscribed', async () => {
  const files = oneStack(`${QUEUE}
    MaximumMessageSize: 2048
Topic: { Type: ALIYUN::MNS::Topic, Properties: { TopicName: t } }
Subscription:
  Type: ALIYUN::MNS::Subscription
  Properties:
    SubscriptionName: s
    TopicName: t
    Endpoint: acs:mns:cn-hangzhou:42:queues/q`);
  expect(await refusalOf(files)).toMatch(
    /Endpoint names the queue "q", whose MaximumMessageSize of 2048 is below that of the topic, 65536/,
  );
});

describe('a subscription', () => {
  const subscription = (properties: string) =>
    oneStack(`${QUEUE}
Topic: { Type: ALIYUN::MNS::Topic, Properties: { TopicName: t, MaximumMessageSize: 1024 } }
Subscription:
  Type: ALIYUN::MNS::Subscription
  Properties:
    SubscriptionName: s
${indent(properties, 4)}`);
  const ENDPOINT = 'Endpoint: acs:mns:cn-hangzhou:42:queues/q';

  it('has its attributes', async () => {
    const { subscriptions, topics } = await readFiles(
      subscription(
        `TopicName: t\n${ENDPOINT}\nFilterTag: blue\nNotifyStrategy: BACKOFF_RETRY\nNotifyContentFormat: JSON\nDlqPolicy: { Enabled: true, DeadLetterTargetQueue: q }`,
      ),
    );
    expect(topics).toEqual([{ name: 't', maximumMessageSize: 1024 }]);
    expect(subscriptions).toEqual([
      {
        name: 's',
        topic: 't',
        endpoint: 'acs:mns:cn-hangzhou:42:queues/q',
        filterTag: 'blue',
        notifyStrategy: 'BACKOFF_RETRY',
        notifyContentFormat: 'JSON',
        deadLetterQueue: 'q',
      },
    ]);
  });

  it.each([
    [
      `TopicName: other\n${ENDPOINT}`,
      /TopicName is "other", which the template does not have: name one of t/,
    ],
    [
      'TopicName: t\nEndpoint: acs:mns:cn-hangzhou:42:queues/other',
      /Endpoint names the queue "other"/,
    ],
    [
      `TopicName: t\n${ENDPOINT}\nDlqPolicy: { Enabled: true, DeadLetterTargetQueue: none }`,
      /DlqPolicy names the queue "none", which the template does not have: name one of q/,
    ],
    ['TopicName: t\nEndpoint: mail:directmail:a@b.c', /Endpoint is "mail:directmail:a@b\.c"/],
    [
      `TopicName: t\n${ENDPOINT}\nFilterTag: abcdefghijklmnopq`,
      /FilterTag has 17 characters: give 16 at most/,
    ],
    [`TopicName: t\n${ENDPOINT}\nNotifyContentFormat: STREAM`, /NotifyContentFormat is "STREAM"/],
  ])('is refused with %j', async (properties, message) => {
    expect(await refusalOf(subscription(properties))).toMatch(message);
  });
});
