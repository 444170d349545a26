import { describe, expect, it } from 'vitest';
import { localSmq } from './local-smq.ts';

describe('publish', () => {
  it('carries body and tag unchanged to the subscribed queue', async () => {
    const { client } = await localSmq();
    const [topic, queue] = [client.topic('news'), client.queue('orders')];
    await topic.subscribe('all', { endpoint: queue.endpoint, notifyContentFormat: 'JSON' });
    const body = '{"text":"<a> & ]]> 😀"}\r\n';
    const { messageId } = await topic.publish(body, { tag: 'a<b' });
    const message = await queue.receive({ waitSeconds: 0 });
    const notification: unknown = JSON.parse(message?.body ?? '');
    expect(notification).toMatchObject({
      Message: body,
      MessageTag: 'a<b',
      MessageId: messageId,
      TopicName: 'news',
      SubscriptionName: 'all',
    });
  });

  it('delivers by filter tag', async () => {
    const { client } = await localSmq();
    const [topic, queue] = [client.topic('news'), client.queue('orders')];
    const endpoint = queue.endpoint;
    await topic.subscribe('big', { endpoint, filterTag: 'big', notifyContentFormat: 'SIMPLIFIED' });
    await topic.publish('small one', { tag: 'small' });
    await topic.publish('big one', { tag: 'big' });
    const bodies = (await queue.receiveBatch({ waitSeconds: 0 })).map(({ body }) => body);
    expect(bodies).toEqual(['big one']);
  });

  it('sends attributes as elements and user properties as typed values', async () => {
    const { client } = await localSmq();
    const { messageId } = await client.topic('news').publish('hello', {
      attributes: { Extend: '{"key":"<value>"}' },
      userProperties: { attempt: 2 },
    });
    expect(messageId).toMatch(/^[0-9A-F]{32}$/);
  });

  it('refuses a tag over 16 characters and an attribute that is not an element name', async () => {
    const { client } = await localSmq();
    const topic = client.topic('news');
    await expect(topic.publish('x', { tag: 'seventeen letters' })).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'InvalidTag',
    });
    await expect(
      topic.publish('x', { attributes: { 'a><MessageTag': 'b' } }),
    ).rejects.toMatchObject({
      code: 'InvalidAttribute',
      message: expect.stringContaining('is named "a><MessageTag":'),
    });
  });

  it('names the missing topic, and where its name comes from', async () => {
    const { client } = await localSmq();
    await expect(client.topic('gone').publish('x')).rejects.toMatchObject({
      name: 'ServiceError',
      service: 'smq',
      code: 'TopicNotExist',
      status: 404,
      requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
      retryable: false,
      message: expect.stringMatching(
        /^PublishMessage on topic "gone" failed with 404 TopicNotExist .*TOPIC_NAME in s\.yaml/,
      ),
    });
  });
});

describe('subscriptions', () => {
  it('are really made, read, changed, listed and ended', async () => {
    const { client } = await localSmq();
    const topic = client.topic('news');
    const endpoint = client.queue('orders').endpoint;
    expect(await topic.subscribe('one', { endpoint, filterTag: 'tag' })).toBe(true);
    expect(await topic.subscribe('one', { endpoint, filterTag: 'tag' })).toBe(false);
    expect(await topic.subscription('one')).toMatchObject({
      name: 'one',
      topicName: 'news',
      endpoint,
      filterTag: 'tag',
      notifyStrategy: 'BACKOFF_RETRY',
      notifyContentFormat: 'XML',
    });
    await topic.setSubscription('one', 'EXPONENTIAL_DECAY_RETRY');
    expect(await topic.subscription('one')).toMatchObject({
      notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
    });
    await topic.subscribe('two', { endpoint });
    expect(await topic.subscriptions()).toEqual({ names: ['one', 'two'] });
    const first = await topic.subscriptions({ max: 1 });
    expect(first).toEqual({ names: ['one'], nextMarker: expect.any(String) });
    const marker = first.nextMarker ?? '';
    expect(await topic.subscriptions({ max: 1, marker })).toEqual({ names: ['two'] });
    await topic.unsubscribe('one');
    await topic.unsubscribe('two');
    expect(await topic.subscriptions()).toEqual({ names: [] });
  });

  it('refuse a name that would change the path', async () => {
    const { client } = await localSmq();
    await expect(client.topic('news').subscription('a/b')).rejects.toMatchObject({
      code: 'InvalidName',
      message: expect.stringMatching(/^Subscription name is "a\/b"/),
    });
  });

  it('refuse other settings under a name that is taken', async () => {
    const { client } = await localSmq();
    const topic = client.topic('news');
    const endpoint = client.queue('orders').endpoint;
    await topic.subscribe('one', { endpoint });
    await expect(
      topic.subscribe('one', { endpoint, notifyContentFormat: 'JSON' }),
    ).rejects.toMatchObject({ code: 'SubscriptionAlreadyExist', status: 409 });
  });
});

describe('attributes', () => {
  it('are numbers and flags, and change only where they are set', async () => {
    const { client } = await localSmq();
    const topic = client.topic('news');
    await topic.setAttributes({ maximumMessageSize: 2048 });
    expect(await topic.attributes()).toMatchObject({
      name: 'news',
      maximumMessageSize: 2048,
      messageRetentionPeriod: 86_400,
      messageCount: 0,
      loggingEnabled: false,
    });
  });
});
