import { expect, it } from 'vitest';
import { seen, startTestConsole } from './fixture.ts';

it('shows what the account holds at a glance', async () => {
  const { get, smq, store, deploy, runtime } = await startTestConsole();
  await deploy('exports.handler = async () => 1;', {
    triggers: [
      {
        type: 'oss',
        name: 'o',
        source: 's.yaml:9',
        bucket: 'photos',
        events: ['oss:ObjectCreated:*'],
        prefix: 'never/',
        suffix: '.jpg',
      },
    ],
  });
  const endpoint = 'acs:mns:cn-hangzhou:1234567890:queues/orders';
  await smq.subscribe('news', 'to-orders', { endpoint });
  await smq.setDeadLetter('orders', { queue: 'dead', maxReceiveCount: 3 });
  await smq.send('orders', { body: 'a' });
  await smq.send('orders', { body: 'b', delaySeconds: 60 });
  await store('a', 'x'.repeat(2048));
  const { requestId } = await runtime.invoke('sample', Buffer.alloc(0));
  const page = seen(await get('/'));
  expect(page).toMatch(/sample bucket photos never\/\*\.jpg ObjectCreated:\* 1 [\d:]+ done 1 run/);
  expect(page).toContain('dead 0 0 0 orders 1 0 1 dead after 3 receives');
  expect(page).toContain('news to-orders → orders 0');
  expect(page).toContain('photos 1 2.0 KB private');
  expect(page).toMatch(new RegExp(`sample [\\d:]+ \\d+ ms cold start done ${requestId}`));
  expect(page).toContain('SMQ_ENDPOINT http://127.0.0.1:6801');
});

it('says that nothing happened yet', async () => {
  const { get } = await startTestConsole();
  const page = seen(await get('/'));
  expect(page).toContain('No functions: the services run alone.');
  expect(page).toContain('Nothing was invoked yet.');
});
