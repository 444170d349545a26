import { expect, it } from 'vitest';
import { seen, startTestConsole } from './fixture.ts';

const handlesIn = (text: string) =>
  [...text.matchAll(/name="handle" value="([^"]*)"/g)].map(([, handle = '']) =>
    handle.replaceAll('&gt;', '>'),
  );

it('a message is received with a lease, and deleted by its handle', async () => {
  const { post, submit, smq, bodies } = await startTestConsole();
  for (const body of ['a', 'b', '<i>c</i>']) await smq.send('orders', { body });
  const page = await post('/queues/orders/receive', { max: '3' });
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('/live.js');
  expect(page.text).not.toContain('<i>');
  expect(seen(page)).toContain('received 3 messages from orders');
  expect(smq.inspect('orders').map(({ state }) => state)).toEqual([
    'inactive',
    'inactive',
    'inactive',
  ]);
  const [first = '', second = ''] = handlesIn(page.text);
  expect(seen(await submit('/queues/orders/delete-received', { handle: first }))).toContain(
    'Deleted 1 message',
  );
  expect(bodies('orders')).toEqual(['b', '<i>c</i>']);
  const hidden = await submit('/queues/orders/hide-received', { handle: second, seconds: '600' });
  expect(seen(hidden)).toContain('Hid 1 message for 600 s');
});

it('an empty queue is reported as empty', async () => {
  const { post } = await startTestConsole();
  expect(seen(await post('/queues/orders/receive', { max: '' }))).toContain(
    'There was nothing to receive.',
  );
});

it.each([
  ['receive', { max: '17' }, 400],
  ['receive', { max: 'all' }, 400],
  ['delete-received', {}, 400],
  ['delete-received', { handle: 'nonsense' }, 400],
  ['hide-received', { handle: 'x', seconds: '0' }, 400],
  ['delete-ticked', {}, 400],
])('%s with %j is refused', async (action, form, status) => {
  const { post, smq, bodies } = await startTestConsole();
  await smq.send('orders', { body: 'a' });
  expect((await post(`/queues/orders/${action}`, form)).status).toBe(status);
  expect(bodies('orders')).toEqual(['a']);
});

it('one message is deleted without being received, also a leased one, and the next of its group comes', async () => {
  const { submit, smq, bodies } = await startTestConsole();
  await smq.createQueue('line', { queueType: 'fifo' });
  for (const body of ['1', '2']) await smq.send('line', { body, groupId: 'g' });
  await smq.receive('line');
  const [first] = smq.inspect('line');
  await submit('/queues/line/delete-ticked', { id: first?.id ?? '' });
  expect(bodies('line')).toEqual(['2']);
  expect((await smq.receive('line')).map(({ body }) => body)).toEqual(['2']);
});
