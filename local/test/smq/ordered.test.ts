import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorOf, message, NAMESPACE, send, smqServer, textOf, withQueue } from './helpers.ts';

const inGroup = (body: string, group: string) =>
  message(body, `<MessageGroupId>${group}</MessageGroupId>`);
const messages = '/queues/q/messages';

describe('a message with a MessageGroupId', () => {
  it('shows it when it is received or peeked at, alone or in a batch, after the other elements', async () => {
    const smq = await withQueue();
    expect((await send(smq, 'POST', messages, { body: inGroup('x', 'order-1') })).status).toBe(201);
    for (const query of [
      '?peekonly=true',
      '?peekonly=true&numOfMessages=16',
      '?numOfMessages=16',
    ]) {
      const { text } = await send(smq, 'GET', messages + query);
      expect(textOf(text, 'MessageGroupId')).toBe('order-1');
      expect(text).toMatch(/<\/Priority>\s*<MessageGroupId>/);
    }
  });

  it('waits in a batch of sends and in a batch of receives for those of its group', async () => {
    const smq = await withQueue();
    const batch = ['a1 a', 'a2 a', 'b1 b', 'b2 b', 'a3 a']
      .map((one) => one.split(' '))
      .map(([body = '', group = '']) => inGroup(body, group));
    const body = `<Messages ${NAMESPACE}>${batch.join('')}</Messages>`;
    expect((await send(smq, 'POST', messages, { body })).status).toBe(201);
    const rounds: string[][] = [];
    for (let round = 0; round < 3; round++) {
      const { text } = await send(smq, 'GET', `${messages}?numOfMessages=16`);
      rounds.push([...text.matchAll(/<MessageBody>(\w+)/g)].map(([, one = '']) => one));
      const handles = [...text.matchAll(/<ReceiptHandle>[^<]+<\/ReceiptHandle>/g)].join('');
      await send(smq, 'DELETE', messages, { body: `<ReceiptHandles>${handles}</ReceiptHandles>` });
    }
    expect(rounds).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  it('keeps it from the topic to the queue that is subscribed', async () => {
    const smq = await withQueue();
    await smq.service.createTopic('t');
    await smq.service.subscribe('t', 's', {
      endpoint: 'acs:mns:any:any:queues/q',
      notifyContentFormat: 'SIMPLIFIED',
    });
    for (const body of ['1', '2'])
      expect(
        (await send(smq, 'POST', '/topics/t/messages', { body: inGroup(body, 'g') })).status,
      ).toBe(201);
    const { text } = await send(smq, 'GET', `${messages}?numOfMessages=16`);
    expect([...text.matchAll(/<MessageBody>(\w+)/g)].map(([, body]) => body)).toEqual(['1']);
    expect(textOf(text, 'MessageGroupId')).toBe('g');
  });

  it.each(['!@#$%^&*()_+<>?:{}|', ' a b ', '\u{1F600}', 'g'.repeat(1024)])(
    'may have %j as one',
    async (group) => {
      const smq = await withQueue();
      const escaped = group.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      expect((await send(smq, 'POST', messages, { body: inGroup('x', escaped) })).status).toBe(201);
      expect(smq.service.inspect('q')).toMatchObject([{ groupId: group }]);
    },
  );

  it('is refused with one that is empty or too long', async () => {
    const smq = await withQueue();
    await smq.service.createTopic('t');
    for (const path of [messages, '/topics/t/messages'])
      for (const [group, wanted] of [
        ['', '400 InvalidArgument'],
        ['g'.repeat(1025), '400 InvalidArgument'],
        ['<b/>', '400 MalformedXML'],
      ] as const)
        expect(errorOf(await send(smq, 'POST', path, { body: inGroup('x', group) }))).toBe(wanted);
    expect(smq.service.inspect('q')).toEqual([]);
  });

  it('goes on waiting after a restart, and comes in its order', async () => {
    const data = await mkdtemp(join(tmpdir(), 'smq-'));
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const first = await smqServer({ data });
    await first.service.createQueue('q', { visibilityTimeout: 100 });
    for (const body of ['1', '2', '3']) await first.service.send('q', { body, groupId: 'g' });
    await first.service.receive('q');
    await first.close();
    const second = await smqServer({ data });
    await second.clock.advance(first.clock.now() - second.clock.now());
    expect(await second.service.receive('q', { max: 16 })).toEqual([]);
    await second.clock.advance(100_000);
    for (const body of ['1', '2', '3']) {
      const [received] = await second.service.receive('q', { max: 16 });
      expect(received).toMatchObject({ body, groupId: 'g' });
      await second.service.deleteMessage('q', received?.receiptHandle ?? '');
    }
    expect(second.service.inspect('q')).toEqual([]);
  });
});

describe('a FIFO queue or topic', () => {
  const type = (kind: string, value: string) =>
    `<${kind}><${kind}Type>${value}</${kind}Type></${kind}>`;

  it.each([
    ['Queue', '/queues/f', '/queues/f/messages'],
    ['Topic', '/topics/f', '/topics/f/messages'],
  ])('%s takes no message without a group, and says what it is', async (kind, path, target) => {
    const smq = await smqServer();
    expect((await send(smq, 'PUT', path, { body: type(kind, 'FIFO') })).status).toBe(201);
    expect(errorOf(await send(smq, 'POST', target, { body: message('x') }))).toBe(
      '400 FifoMissingMessageGroupId',
    );
    expect((await send(smq, 'POST', target, { body: inGroup('x', 'g') })).status).toBe(201);
    expect((await send(smq, 'GET', path)).text).toContain(`<${kind}Type>fifo</${kind}Type>`);
  });

  it.each(['Queue', 'Topic'])('%s stays what it was made as', async (kind) => {
    const smq = await smqServer();
    const path = `/${kind.toLowerCase()}s/f`;
    expect((await send(smq, 'PUT', path, { body: `<${kind}/>` })).status).toBe(201);
    expect(errorOf(await send(smq, 'PUT', path, { body: type(kind, 'fifo') }))).toBe(
      `409 ${kind}AlreadyExist`,
    );
    const set = (value: string) =>
      send(smq, 'PUT', `${path}?metaoverride=true`, { body: type(kind, value) });
    expect((await set('normal')).status).toBe(204);
    expect(errorOf(await set('fifo'))).toBe('400 InvalidArgument');
    expect(errorOf(await set('quick'))).toBe('400 InvalidArgument');
    expect((await send(smq, 'GET', path)).text).not.toContain(`${kind}Type`);
  });

  it('refuses those of a batch that have no group, and sends the others', async () => {
    const smq = await smqServer();
    await smq.service.createQueue('q', { queueType: 'fifo' });
    const body = `<Messages>${message('a')}${inGroup('b', 'g')}</Messages>`;
    const { status, text } = await send(smq, 'POST', messages, { body });
    expect([status, textOf(text, 'ErrorCode')]).toEqual([500, 'FifoMissingMessageGroupId']);
    expect(smq.service.inspect('q')).toMatchObject([{ body: 'b' }]);
  });

  it('has its type after a restart', async () => {
    const data = await mkdtemp(join(tmpdir(), 'smq-'));
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const first = await smqServer({ data });
    await first.service.createQueue('f', { queueType: 'fifo' });
    await first.service.createTopic('f', { topicType: 'fifo' });
    await first.close();
    const { service } = await smqServer({ data });
    expect([service.getQueue('f').queueType, service.getTopic('f').topicType]).toEqual([
      'fifo',
      'fifo',
    ]);
  });
});
