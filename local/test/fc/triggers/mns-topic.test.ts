import { parseTopicEvent } from 'fc-kit/events';
import { expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { TopicTrigger } from '#src/fc/triggers/mns-topic';
import type { TopicTriggerSpec } from '#src/project/types';
import { ACCOUNT, PRINTS, startWithServices } from '../services.ts';

function topic(spec: Partial<TopicTriggerSpec> = {}): TopicTriggerSpec {
  return {
    type: 'mns_topic',
    name: 'on-news',
    source: 's.yaml:20',
    topic: 'news',
    format: 'STREAM',
    strategy: 'BACKOFF_RETRY',
    ...spec,
  };
}

const PROPERTY = { name: 'color', value: 'red', type: 'STRING' } as const;

it('passes the body unchanged with STREAM', async () => {
  const { deploy, smq, printed } = await startWithServices();
  await deploy(PRINTS, { triggers: [topic()] });
  await smq.publish('news', { body: 'not {json' });
  expect((await printed('got ')).text).toMatch(/ \[info\] got not \{json$/);
});

it('hands over body and attributes with STREAM', async () => {
  const { deploy, smq, printed } = await startWithServices();
  await deploy(PRINTS, { triggers: [topic()] });
  await smq.publish('news', { body: 'hi', userProperties: [PROPERTY] });
  await printed('got {"body":"hi","attrs":{"color":"red"}}');
});

it('hands over an envelope with JSON, which the shared parser reads', async () => {
  const { deploy, smq, printed } = await startWithServices();
  await deploy(PRINTS, { triggers: [topic({ format: 'JSON' })] });
  const sent = await smq.publish('news', { body: 'hi', tag: 'a', userProperties: [PROPERTY] });
  const { text } = await printed('got ');
  const event = text.slice(text.indexOf('{'));
  expect(JSON.parse(event)).toEqual({
    color: 'red',
    TopicOwner: ACCOUNT,
    Message: 'hi',
    Subscriber: ACCOUNT,
    PublishTime: sent.publishTime,
    SubscriptionName: 'on-news',
    MessageMD5: sent.bodyMd5,
    TopicName: 'news',
    MessageId: sent.messageId,
    MessageTag: 'a',
  });
  expect(parseTopicEvent(Buffer.from(event))).toMatchObject({
    message: 'hi',
    messageId: sent.messageId,
    attributes: { color: 'red' },
  });
});

it('takes only messages with the filter tag', async () => {
  const { deploy, smq, printed, lines } = await startWithServices();
  await deploy(PRINTS, { triggers: [topic({ filterTag: 'urgent' })] });
  await smq.publish('news', { body: 'untagged' });
  await smq.publish('news', { body: 'other', tag: 'calm' });
  await smq.publish('news', { body: 'wanted', tag: 'urgent' });
  await printed('got wanted');
  expect(lines).toHaveLength(1);
});

it.each([
  ['BACKOFF_RETRY', 3, 30, 60],
  ['EXPONENTIAL_DECAY_RETRY', 176, 86_015, 86_015],
] as const)(
  'delivers again with %s: %d retries within %d to %d seconds',
  async (strategy, retries, min, max) => {
    const { smq } = await startWithServices();
    const clock = new DrivenClock();
    let attempts = 0;
    let failure: unknown;
    const trigger = new TopicTrigger({
      clock,
      trigger: topic({ strategy }),
      accountId: ACCOUNT,
      sources: { onPublish: (name, listener) => smq.onPublish(name, listener) },
      invokeAsync() {
        attempts++;
        throw new Error('not accepted');
      },
      onError: (error) => {
        failure = error;
      },
    });
    trigger.start();
    onTestFinished(() => trigger.stop());
    await smq.publish('news', { body: 'x' });
    await clock.advance(min * 1000 - 1);
    expect(failure).toBeUndefined();
    await clock.advance((max - min) * 1000 + 1);
    expect(failure).toMatchObject({ message: 'not accepted' });
    expect(attempts).toBe(retries + 1);
  },
);
