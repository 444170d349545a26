import { expect, it } from 'vitest';
import { seen, startTestConsole } from './fixture.ts';

const PLAIN = { notifyContentFormat: 'SIMPLIFIED' } as const;

it('shows where the messages of a topic go, and publishes one', async () => {
  const { get, submit, smq, bodies, deploy } = await startTestConsole();
  const endpoint = 'acs:mns:cn-hangzhou:1234567890:queues/orders';
  await smq.subscribe('news', 'to-orders', { endpoint, filterTag: 'new', ...PLAIN });
  await deploy('exports.handler = async () => {};', {
    triggers: [
      {
        type: 'mns_topic',
        name: 't',
        source: 's.yaml:9',
        topic: 'news',
        format: 'JSON',
        strategy: 'BACKOFF_RETRY',
      },
    ],
  });
  const page = await get('/topics/news');
  expect(seen(page)).toContain('to-orders orders new SIMPLIFIED');
  expect(page.text).toContain('<a href="/queues/orders">orders</a>');
  expect(page.text).toContain('Sets off <a href="/functions/sample">sample</a>');

  expect(seen(await submit('/topics/news/publish', { body: 'hello', tag: 'new' }))).toContain(
    'Published message',
  );
  await submit('/topics/news/publish', { body: 'not for orders', tag: '' });
  expect(bodies('orders')).toEqual(['hello']);
});

it('shows what waits for delivery and why, escaped', async () => {
  const { get, smq } = await startTestConsole();
  const endpoint = 'acs:mns:cn-hangzhou:1:queues/missing';
  await smq.subscribe('news', 'late', { endpoint, ...PLAIN });
  await smq.subscribe('news', 'mail', { endpoint: 'mail:directmail:a@example.com', ...PLAIN });
  await smq.publish('news', { body: '<img src=x>' });
  const page = await get('/topics/news');
  expect(page.text).not.toContain('<img');
  expect(seen(page)).toContain('1 waiting for delivery');
  expect(seen(page)).toMatch(/late pending 1 [\d:]+ Queue "missing" does not exist <img src=x>/);
  expect(seen(page)).toMatch(/mail recorded 0 <img src=x>/);
});

it('refuses an empty message', async () => {
  const { post } = await startTestConsole();
  expect(await post('/topics/news/publish', { body: '' })).toMatchObject({ status: 400 });
});
