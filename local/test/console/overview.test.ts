import { expect, it, vi } from 'vitest';
import { linkOf, seen, startTestConsole } from './fixture.ts';

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
  expect(page).toContain('the services run alone. Queues');
  expect(page).toContain('No functions: the services run alone.');
  expect(page).toContain('Nothing was invoked yet.');
});

it('keeps failures in sight however often a timer runs, and shows them by outcome and function', async () => {
  const { get, deploy, runtime } = await startTestConsole();
  await deploy(
    'exports.handler = async (event) => { if (String(event) === "fail") throw new Error("no"); };',
    {
      triggers: [
        {
          type: 'timer',
          name: 't',
          source: 's.yaml:9',
          cronExpression: '@every 1m',
          enable: false,
          payload: '',
        },
      ],
    },
  );
  const { requestId } = await runtime.invoke('sample', Buffer.from('fail'));
  for (let nth = 0; nth < 120; nth++) await runtime.invoke('sample', Buffer.alloc(0));
  const page = seen(await get('/'));
  expect(page).toContain(`UnhandledInvocationError ${requestId}`);
  expect(page).toContain('sample : 100 runs by a timer went well');
  expect(page).toContain('1 of 101 failed');
  expect(seen(await get('/?outcome=failed&function=sample'))).toContain(requestId);
  expect(seen(await get('/?outcome=done'))).not.toContain(requestId);
  expect(seen(await get('/?outcome=done&function=sample'))).toMatch(/(done [\w-]+ sample .*){11}/);
});

it('shows 500 queues, topics and buckets on a page, with links to more', async () => {
  const { get, smq } = await startTestConsole();
  for (let nth = 0; nth < 500; nth++) await smq.createQueue(`q-${String(nth).padStart(3, '0')}`);
  const first = await get('/');
  expect(first.text.match(/href="\/queues\/[^"]+"/g)).toHaveLength(500);
  const second = await get(linkOf(first, 'More queues'));
  expect(second.text.match(/href="\/queues\/[^"]+"/g)).toEqual([
    'href="/queues/q-498"',
    'href="/queues/q-499"',
  ]);
});

it('lists queues to move to only where they are few', async () => {
  const { get, smq } = await startTestConsole();
  await smq.send('orders', { body: 'a' });
  expect((await get('/queues/orders')).text).toContain('<option>dead</option>');
  for (let nth = 0; nth < 200; nth++) await smq.createQueue(`q-${nth}`);
  const { text } = await get('/queues/orders');
  expect(text).not.toContain('<option>');
  expect(text).toContain('<input name="to" required');
});

it('costs nothing for objects, messages, and queues of other pages', async () => {
  const { get, smq, oss, store } = await startTestConsole();
  for (let nth = 0; nth < 1000; nth++) await smq.createQueue(`q-${nth}`);
  for (let nth = 0; nth < 1000; nth++) await smq.send('orders', { body: 'a' });
  for (let nth = 0; nth < 200; nth++) await store(`k-${nth}`, 'x');
  expect(seen(await get('/'))).toContain('photos 200 200 B');
  const reads = vi.spyOn(oss.store.objects, 'range');
  const described = vi.spyOn(smq, 'getQueue');
  const inspected = vi.spyOn(smq, 'inspect');
  await store('k-0', 'longer');
  await oss.objects.remove({ bucket: 'photos', key: 'k-1' }, { requestId: 'R1' });
  expect(seen(await get('/'))).toContain('photos 199 204 B');
  expect(described.mock.calls.length).toBeLessThanOrEqual(500);
  expect([reads.mock.calls, inspected.mock.calls]).toEqual([[], []]);
});

it('has pages of queues that do not look at each queue of the account', async () => {
  const { get, smq } = await startTestConsole();
  const policy = { queue: 'dead', maxReceiveCount: 3 };
  for (let nth = 0; nth < 1000; nth++)
    await smq.createQueue(`q-${String(nth).padStart(3, '0')}`, {}, nth < 101 ? policy : undefined);
  const described = vi.spyOn(smq, 'getQueue');
  expect(seen(await get('/queues/dead'))).toMatch(
    /dead letters of q-000 q-001 .* q-099 and 1 more/,
  );
  expect(described.mock.calls.length).toBeLessThan(500);
});
