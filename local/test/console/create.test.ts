import { describe, expect, it } from 'vitest';
import { seen, startTestConsole } from './fixture.ts';

describe('the forms that make and remove', () => {
  it('create a queue with the typed values, and remove it with its messages', async () => {
    const { get, submit, smq } = await startTestConsole();
    const form = { name: 'new-one', visibility: '45', delay: '', dead: 'dead', receives: '3' };
    expect(seen(await submit('/new/queue', form))).toContain('Created new-one');
    expect(smq.getQueue('new-one')).toMatchObject({
      visibilityTimeout: 45,
      delaySeconds: 0,
      queueType: 'normal',
      deadLetter: { queue: 'dead', maxReceiveCount: 3 },
    });
    await smq.send('new-one', { body: 'a' });
    expect(seen(await get('/queues/new-one'))).toContain('Delete the queue and 1 message for good');
    expect(seen(await submit('/queues/new-one/remove'))).toContain('Deleted the queue new-one');
    expect((await get('/queues/new-one')).status).toBe(404);
  });

  it('make a FIFO queue and topic, whose pages say so and ask for the group of a message', async () => {
    const { get, submit, post, smq } = await startTestConsole();
    await submit('/new/queue', { name: 'lined', fifo: 'yes' });
    await submit('/new/topic', { name: 'lined', fifo: 'yes' });
    for (const [page, action] of [
      ['/queues/lined', 'send'],
      ['/topics/lined', 'publish'],
    ]) {
      const { text } = await get(`${page}`);
      expect(text).toContain('in order (FIFO), ');
      expect(text).toContain('<input name="group" required');
      expect((await post(`${page}/${action}`, [['body', 'none']])).status).toBe(400);
    }
    await submit('/topics/lined/subscribe', { name: 'q', endpoint: 'lined', format: 'SIMPLIFIED' });
    await submit('/queues/lined/send', { body: 'one', group: 'a' });
    await submit('/topics/lined/publish', { body: 'two', group: 'b' });
    expect(smq.inspect('lined')).toMatchObject([
      { body: 'one', groupId: 'a' },
      { body: 'two', groupId: 'b' },
    ]);
    for (const page of ['/queues/orders', '/topics/news'])
      expect((await get(page)).text).not.toMatch(/FIFO|name="group"/);
  });

  it('make a topic, subscribe a queue by its name and an address, and end both', async () => {
    const { submit, smq } = await startTestConsole();
    await submit('/new/topic', { name: 'fresh', fifo: 'yes' });
    expect(smq.getTopic('fresh').topicType).toBe('fifo');
    await submit('/topics/news/subscribe', {
      name: 'q',
      endpoint: 'orders',
      tag: 'x',
      format: 'SIMPLIFIED',
    });
    await submit('/topics/news/subscribe', { name: 'w', endpoint: 'http://127.0.0.1:1/', tag: '' });
    expect(smq.getSubscription('news', 'q')).toMatchObject({
      endpoint: 'acs:mns:cn-hangzhou:1234567890:queues/orders',
      filterTag: 'x',
      notifyContentFormat: 'SIMPLIFIED',
    });
    expect(smq.getSubscription('news', 'w').endpoint).toBe('http://127.0.0.1:1/');
    await submit('/topics/news/unsubscribe', { name: 'w' });
    expect(smq.listSubscriptions('news').items.map(({ name }) => name)).toEqual(['q']);
    await submit('/topics/fresh/remove');
    expect(smq.listTopics().items.map(({ name }) => name)).toEqual(['news']);
  });

  it('make a bucket, and remove it once it is empty', async () => {
    const { post, submit, oss, store } = await startTestConsole();
    await submit('/new/bucket', { name: 'albums' });
    expect(oss.buckets.require('albums').acl).toBe('private');
    await store('a', 'x');
    const refused = await post('/buckets/photos/remove');
    expect([refused.status, seen(refused)]).toEqual([
      409,
      expect.stringContaining('BucketNotEmpty'),
    ]);
    await submit('/buckets/albums/remove');
    expect(oss.buckets.find('albums')).toBeUndefined();
  });

  it.each([
    ['/new/queue', { name: '' }, 400],
    ['/new/queue', { name: 'a b' }, 400],
    ['/new/queue', { name: 'x'.repeat(121) }, 400],
    ['/new/queue', { name: '<b>' }, 400],
    ['/new/queue', { name: 'a', visibility: '99999' }, 400],
    ['/new/queue', { name: 'a', dead: 'none' }, 404],
    ['/new/queue', { name: 'orders', visibility: '77' }, 409],
    ['/new/topic', { name: '_' }, 400],
    ['/new/bucket', { name: 'UPPER' }, 400],
    ['/new/bucket', { name: 'photos' }, 409],
    ['/new/nothing', { name: 'a' }, 404],
    ['/new/constructor', { name: 'a' }, 404],
    ['/new/__proto__', { name: 'a' }, 404],
    ['/topics/news/subscribe', { name: 'a', endpoint: 'javascript:alert(1)' }, 400],
    ['/topics/none/subscribe', { name: 'a', endpoint: 'orders' }, 404],
    ['/topics/news/unsubscribe', { name: 'none' }, 404],
    ['/queues/none/remove', {}, 404],
    ['/topics/none/remove', {}, 404],
    ['/buckets/none/remove', {}, 404],
  ])('refuse %s %j with %i and a way back, and make nothing', async (path, form, status) => {
    const { post, smq, oss } = await startTestConsole();
    const refused = await post(path, form);
    expect(refused.status).toBe(status);
    expect(refused.text).toContain('Back to the page of the form');
    expect(refused.text).not.toContain('<b>');
    expect(smq.listQueues().items.map(({ name }) => name)).toEqual(['dead', 'orders']);
    expect(smq.listTopics().items).toHaveLength(1);
    expect(oss.buckets.list()).toHaveLength(1);
  });

  it.each([
    '/new/queue',
    '/new/bucket',
    '/queues/orders/remove',
    '/queues/orders/receive',
    '/queues/orders/delete-ticked',
    '/topics/news/remove',
    '/topics/news/subscribe',
    '/buckets/photos/remove',
    '/buckets/photos/upload',
    '/buckets/photos/delete-ticked',
    '/buckets/photos/cors',
    '/buckets/photos/sign',
  ])('are not taken from another site: %s', async (path) => {
    const { post, smq, oss } = await startTestConsole();
    const form = { name: 'forged', endpoint: 'orders', all: 'yes', key: 'a' };
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await post(path, form, headers as Record<string, string>)).status).toBe(403);
    expect(smq.listQueues().items.map(({ name }) => name)).toEqual(['dead', 'orders']);
    expect(oss.buckets.list()).toHaveLength(1);
  });
});
