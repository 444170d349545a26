import { describe, expect, it } from 'vitest';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const ALL = { all: 'yes' };

describe('the page of a queue', () => {
  it('shows its messages with their state, and receives none of them', async () => {
    const { get, smq } = await startTestConsole();
    await smq.send('orders', { body: '{"order":{"id":1}}', priority: 2 });
    await smq.receive('orders');
    await smq.send('orders', { body: 'later', delaySeconds: 60 });
    await smq.send('orders', { body: 'now' });
    const before = smq.inspect('orders');
    const page = seen(await get('/queues/orders'));
    expect(page).toContain('1 active, 1 inactive, 1 delayed');
    expect(page).toMatch(
      /inactive until [\d:]+ 1 2 \{"order":\{"id":1\}\} \{ "order": \{ "id": 1 \} \}/,
    );
    expect(page).toMatch(/delayed until [\d:]+ 0 8 later/);
    expect(page).toMatch(/active 0 8 now/);
    expect(smq.inspect('orders')).toEqual(before);
  });

  it('escapes bodies, properties and typed text', async () => {
    const { get, smq, submit } = await startTestConsole();
    const body = '</script><img src=x onerror="alert(1)">';
    await submit('/queues/orders/send', { body });
    const userProperties = [{ name: 'note', value: '<b>"&', type: 'STRING' } as const];
    await smq.send('orders', { body: '{"a":"<i>"}', userProperties, groupId: '<b>' });
    const page = await get('/queues/orders');
    expect(page.text).not.toMatch(/<img|<b>|<i>/);
    expect(seen(page)).toContain(body);
    expect(seen(page)).toContain('MessageGroupId = <b> note = <b>"&');
  });

  it('has 100 messages on it, and a link to more', async () => {
    const { get, smq } = await startTestConsole();
    for (let nth = 0; nth < 102; nth++) await smq.send('orders', { body: `body-${nth};` });
    const first = await get('/queues/orders');
    expect(first.text.match(/body-\d+;/g)).toHaveLength(100);
    expect(first.text).toContain('<a href="/queues/orders?from=100">2 newer messages</a>');
    const second = await get('/queues/orders?from=100');
    expect(second.text.match(/body-\d+;/g)).toEqual(['body-100;', 'body-101;']);
    expect(second.text).not.toContain('newer message');
    expect(await get('/queues/orders?from=-1')).toMatchObject({ status: 200 });
  });

  it('ends a page early when the bodies are large', async () => {
    const { get, smq } = await startTestConsole();
    for (let nth = 0; nth < 20; nth++) await smq.send('orders', { body: 'x'.repeat(60_000) });
    expect((await get('/queues/orders')).text).toMatch(/\?from=17">3 newer messages/);
  });

  it('ends a page early when the bodies grow large by their line breaks', async () => {
    const { get, smq } = await startTestConsole();
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    for (let nth = 0; nth < 3; nth++) await smq.send('orders', { body: deep });
    expect((await get('/queues/orders')).text).toMatch(/\?from=1">2 newer messages/);
  });

  it('is a 404 for a queue that is not there', async () => {
    const { get } = await startTestConsole();
    const page = await get('/queues/none');
    expect([page.status, seen(page)]).toEqual([404, expect.stringContaining('QueueNotExist')]);
  });
});

describe('the forms of a queue', () => {
  it('send a message as typed, with delay and priority', async () => {
    const { submit, smq } = await startTestConsole();
    const page = await submit('/queues/orders/send', {
      body: 'two\r\nlines',
      delay: '60',
      priority: '3',
    });
    const [message] = smq.inspect('orders');
    expect(message).toMatchObject({ body: 'two\nlines', state: 'delayed', priority: 3 });
    expect(seen(page)).toContain(`Sent message ${message?.id}`);
  });

  it.each([
    [{ body: '' }, 400, 'InvalidArgument: The value of MessageBody'],
    [{ body: 'x', priority: '17' }, 400, 'Priority should between 1 and 16'],
    [{ body: 'x', delay: 'soon' }, 400, 'delay is "soon": give a whole number'],
  ])('refuse %j', async (form, status, message) => {
    const { post, bodies } = await startTestConsole();
    const answer = await post('/queues/orders/send', form);
    expect([answer.status, seen(answer)]).toEqual([status, expect.stringContaining(message)]);
    expect(bodies('orders')).toEqual([]);
  });

  it.each([
    ['send', { body: 'x', priority: '17' }],
    ['send', { body: 'x', delay: 'soon' }],
    ['send', { body: 'x'.repeat(65_537) }],
    ['move', { to: 'dead' }],
    ['redrive', {}],
  ])(
    'leave the reason of a refused %s on the page, which is not live, with a way back',
    async (action, form) => {
      const { get, post } = await startTestConsole();
      const refused = await post(`/queues/orders/${action}`, form);
      expect(refused).toMatchObject({ status: 400 });
      expect(refused.text).not.toContain('/live.js');
      expect(linkOf(refused, 'Back to the page of the form')).toBe('/queues/orders');
      expect((await get('/queues/orders')).text).toContain('<script src="/live.js"');
    },
  );

  it('move nothing by Enter on a ticked message, and all messages only by the button of the opened form', async () => {
    const { get, smq } = await startTestConsole();
    for (const body of ['a', 'b', 'c']) await smq.send('orders', { body });
    const { text } = await get('/queues/orders');
    const ticks = text.split('<form').find((form) => form.includes('type="checkbox"')) ?? '';
    // Enter presses the first button of the form: one whose method sends nothing where there is no
    // dialog.
    expect(/<button[^>]*>/.exec(ticks)?.[0]).toContain('formmethod="dialog"');
    expect(ticks).not.toContain('name="all"');
    expect(text).toMatch(
      /<details class="confirm" id="move-all"><summary>Move all…<\/summary><form[^>]*\/move"><input type="hidden" name="all" value="yes">/,
    );
    expect(text).toContain('Move 3 messages');
  });

  it('are above the messages, however many', async () => {
    const { get, smq } = await startTestConsole();
    await smq.send('orders', { body: 'the message' });
    const { text } = await get('/queues/orders');
    expect(text.indexOf('>Send<')).toBeLessThan(text.indexOf('the message'));
  });

  it('purge it', async () => {
    const { submit, smq, bodies } = await startTestConsole();
    for (const body of ['a', 'b']) await smq.send('orders', { body });
    expect(seen(await submit('/queues/orders/purge'))).toContain('Removed 2 messages');
    expect(bodies('orders')).toEqual([]);
  });

  it('move the messages that are ticked, or all', async () => {
    const { submit, smq, bodies } = await startTestConsole();
    for (const body of ['a', 'b', 'c']) await smq.send('orders', { body });
    const [a, , c] = smq.inspect('orders').map(({ id }) => id);
    const page = await submit('/queues/orders/move', [
      ['id', a ?? ''],
      ['id', c ?? ''],
      ['to', 'dead'],
    ]);
    expect(seen(page)).toContain('Moved 2 messages to dead');
    expect([bodies('orders'), bodies('dead')]).toEqual([['b'], ['a', 'c']]);
    await submit('/queues/dead/move', { ...ALL, to: 'orders' });
    expect([bodies('orders'), bodies('dead')]).toEqual([['b', 'a', 'c'], []]);
  });

  it('move nothing when none is ticked', async () => {
    const { post, smq, bodies } = await startTestConsole();
    await smq.send('orders', { body: 'a' });
    const answer = await post('/queues/orders/move', { to: 'dead' });
    expect([answer.status, seen(answer)]).toEqual([400, expect.stringContaining('tick some')]);
    expect(bodies('orders')).toEqual(['a']);
  });

  it('bring dead letters back', async () => {
    const { get, submit, smq, clock, bodies } = await startTestConsole();
    await smq.setDeadLetter('orders', { queue: 'dead', maxReceiveCount: 1 });
    await smq.send('orders', { body: 'poison' });
    await smq.receive('orders');
    await clock.advance(31_000);
    const dead = seen(await get('/queues/dead'));
    expect(dead).toContain('dead letter of orders poison');
    expect(dead).toContain('Takes the dead letters of orders');
    expect(seen(await get('/queues/orders'))).toContain('Gives up after 1 receive, to dead');
    await submit('/queues/dead/redrive', ALL);
    expect([bodies('orders'), bodies('dead')]).toEqual([['poison'], []]);
  });
});
