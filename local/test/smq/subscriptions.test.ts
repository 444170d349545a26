import { describe, expect, it } from 'vitest';
import { failingStore } from './core/failing-store.ts';
import { service } from './core/helpers.ts';
import { errorOf, type Smq, send, smqServer, textOf } from './helpers.ts';

const subscription = (content: string) => `<Subscription>${content}</Subscription>`;
const toQueue = (name: string) => `<Endpoint>acs:mns:any:any:queues/${name}</Endpoint>`;
const policy = (queue: string, enabled = 'true') =>
  `<DlqPolicy><Enabled>${enabled}</Enabled><DeadLetterTargetQueue>${queue}</DeadLetterTargetQueue></DlqPolicy>`;
const path = '/topics/t/subscriptions/s';

async function withTopic(): Promise<Smq> {
  const smq = await smqServer();
  await smq.service.apply({ queues: [{ name: 'q' }, { name: 'dead' }], topics: [{ name: 't' }] });
  return smq;
}

describe('the subscriptions of a topic', () => {
  it('are 100 at most', async () => {
    const smq = await withTopic();
    const put = (i: number) =>
      send(smq, 'PUT', `/topics/t/subscriptions/s${i}`, { body: subscription(toQueue('q')) });
    for (let i = 0; i < 100; i++) expect((await put(i)).status).toBe(201);
    expect(errorOf(await put(100))).toBe('400 InvalidArgument');
    expect((await put(99)).status).toBe(204);
    await smq.service.unsubscribe('t', 's7');
    expect((await put(100)).status).toBe(201);
    const declared = { topic: 't', endpoint: 'acs:mns:any:any:queues/q' };
    await expect(
      smq.service.apply({ subscriptions: [{ name: 'one-more', ...declared }] }),
    ).rejects.toThrow('Subscription count');
    await smq.service.apply({ subscriptions: [{ name: 's8', ...declared, filterTag: 'x' }] });
  });
});

describe('a subscription of a queue', () => {
  it('is refused where the queue takes less than the topic', async () => {
    const smq = await withTopic();
    await smq.service.createQueue('small', { maximumMessageSize: 2048 });
    const put = () => send(smq, 'PUT', path, { body: subscription(toQueue('small')) });
    expect(errorOf(await put())).toBe('400 InvalidArgument');
    expect(smq.service.listSubscriptions('t').items).toEqual([]);
    await smq.service.setTopicAttributes('t', { maximumMessageSize: 2048 });
    expect((await put()).status).toBe(201);
  });

  it('keeps getting whole messages when a limit becomes smaller than they are', async () => {
    const { service: smq } = await withTopic();
    const endpoint = 'acs:mns:any:any:queues/q';
    await smq.subscribe('t', 's', { endpoint, notifyContentFormat: 'SIMPLIFIED' });
    await smq.setQueueAttributes('q', { maximumMessageSize: 1024 });
    expect(smq.getQueue('q').maximumMessageSize).toBe(1024);
    const body = 'x'.repeat(4000);
    await smq.publish('t', { body });
    await smq.setTopicAttributes('t', { maximumMessageSize: 4000 });
    await smq.publish('t', { body });
    expect((await smq.receive('q', { max: 16 })).map((message) => message.body)).toEqual([
      body,
      body,
    ]);
  });

  it('may be made before the queue is there', async () => {
    const smq = await withTopic();
    const body = subscription(toQueue('later'));
    expect((await send(smq, 'PUT', path, { body })).status).toBe(201);
  });
});

describe('a DlqPolicy of a subscription', () => {
  it('names a queue that is there, is shown, changed and ended', async () => {
    const smq = await withTopic();
    const put = (content: string, query = '') =>
      send(smq, 'PUT', path + query, { body: subscription(content) });
    expect(errorOf(await put(toQueue('q') + policy('none')))).toBe('404 QueueNotExist');
    expect(errorOf(await put(toQueue('q') + policy('')))).toBe('400 MalformedXML');
    expect((await put(toQueue('q') + policy('dead'))).status).toBe(201);
    expect((await put(toQueue('q') + policy('dead'))).status).toBe(204);
    expect(errorOf(await put(toQueue('q')))).toBe('409 SubscriptionAlreadyExist');
    const shown = async () => textOf((await send(smq, 'GET', path)).text, 'DeadLetterTargetQueue');
    expect(await shown()).toBe('dead');
    const set = '?metaoverride=true';
    expect((await put('<FilterTag>red</FilterTag>', set)).status).toBe(204);
    expect(await shown()).toBe('dead');
    expect(smq.service.getSubscription('t', 's')).toMatchObject({ filterTag: 'red' });
    expect((await put(policy('q'), set)).status).toBe(204);
    expect(await shown()).toBe('q');
    expect(errorOf(await put(policy('none'), set))).toBe('404 QueueNotExist');
    expect((await put(policy('q', 'false'), set)).status).toBe(204);
    expect(await shown()).toBeUndefined();
  });

  it('receives what is given up after the last attempt, with its source', async () => {
    const smq = await withTopic();
    await smq.service.subscribe('t', 's', {
      endpoint: 'acs:mns:any:any:queues/missing',
      notifyContentFormat: 'SIMPLIFIED',
      deadLetterQueue: 'dead',
    });
    const { messageId } = await smq.service.publish('t', {
      body: 'x',
      groupId: 'g',
      systemProperties: [{ name: 'baggage', value: 'b', type: 'STRING' }],
    });
    await smq.clock.advance(30_000);
    expect(smq.service.inspect('dead')).toEqual([]);
    await smq.clock.advance(60_000);
    expect(smq.service.deliveries()).toEqual([]);
    expect(smq.service.inspect('dead')).toMatchObject([
      {
        body: 'x',
        groupId: 'g',
        systemProperties: [
          { name: 'baggage', value: 'b' },
          { name: 'DLQMessageType', value: 'SUBSCRIPTION' },
          {
            name: 'DLQSourceArn',
            value: 'acs:mns:cn-hangzhou:1234567890123456:/topics/t/subscriptions/s',
          },
          { name: 'DLQOriginMessageId', value: messageId },
        ],
      },
    ]);
  });

  it('takes it later where it could not be written', async () => {
    const store = failingStore();
    const { clock, smq } = service({ store, onError: () => {} });
    await smq.apply({ queues: [{ name: 'dead' }], topics: [{ name: 't' }] });
    const endpoint = 'https://example.com/';
    await smq.subscribe('t', 's', { endpoint, deadLetterQueue: 'dead' });
    const end = smq.onPublish('t', () => {
      store.full = true;
    });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    await clock.advance(999);
    expect([smq.inspect('dead'), smq.deliveries().length]).toEqual([[], 1]);
    end();
    store.full = false;
    await clock.advance(1);
    expect([smq.inspect('dead').length, smq.deliveries()]).toEqual([1, []]);
  });

  it('leaves given-up notifications among the deliveries when its queue is gone', async () => {
    const smq = await withTopic();
    const endpoint = 'acs:mns:any:any:queues/missing';
    await smq.service.subscribe('t', 's', { endpoint, deadLetterQueue: 'dead' });
    await smq.service.deleteQueue('dead');
    await smq.service.publish('t', { body: 'x' });
    await smq.clock.advance(90_000);
    expect(smq.service.deliveries()).toMatchObject([{ state: 'undeliverable' }]);
  });
});

it('keeps the bucket of the account’s logs when a change does not name one', async () => {
  const smq = await smqServer();
  const put = (content: string) =>
    send(smq, 'PUT', '/?accountmeta=true', { body: `<Account>${content}</Account>` });
  const bucket = async () =>
    textOf((await send(smq, 'GET', '/?accountmeta=true')).text, 'LoggingBucket');
  await put('<LoggingBucket>logs</LoggingBucket>');
  expect((await put('')).status).toBe(204);
  expect(await bucket()).toBe('logs');
  expect((await put('<LoggingBucket></LoggingBucket>')).status).toBe(204);
  expect(await bucket()).toBe('');
});
