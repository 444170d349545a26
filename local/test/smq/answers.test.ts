import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { edge } from '#src/smq/edge';
import type { SmqServer } from '#src/smq/server';
import { memoryStore } from '#src/smq/store/memory';
import { accessKey, authorityOf, send } from './helpers.ts';

/** Starts a server whose store writes when the test says so. */
async function heldServer() {
  const waiting: { resolve: () => void; reject: (error: Error) => void; undo: () => void }[] = [];
  let group: Promise<void> | undefined;
  const store = {
    ...memoryStore(),
    commit: (_: unknown, undo: () => void = () => {}) => {
      group = new Promise((resolve, reject) => waiting.push({ resolve, reject, undo }));
      return group;
    },
    pending: () => (waiting.length > 0 ? group : undefined),
  };
  const clock = new DrivenClock();
  const authority = authorityOf([accessKey()]);
  const service = new SmqService({ clock, store, accountId: authority.accountId });
  const server = createServer(edge({ clock, authority, region: 'cn-hangzhou', service }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const target = { port, clock, service } as SmqServer & { clock: DrivenClock };
  return {
    target,
    service,
    write() {
      for (const { resolve } of waiting.splice(0)) resolve();
    },
    fail() {
      for (const { reject, undo } of waiting.splice(0)) {
        undo();
        reject(new Error('no space left on device'));
      }
    },
  };
}

it.each([
  ['GetQueueAttributes', '/queues/q', '<QueueName>q</QueueName>'],
  ['ListQueue', '/queues', '/queues/q</QueueURL>'],
])('%s shows a queue when it is kept, and waits for that', async (_, path, wanted) => {
  const { target, service, write } = await heldServer();
  const created = service.createQueue('q');
  let answered = false;
  const answer = send(target, 'GET', path).finally(() => {
    answered = true;
  });
  // Another request to and from the same server: the first one has arrived by then.
  expect((await send(target, 'GET', '/nowhere')).status).toBe(400);
  expect(answered).toBe(false);
  write();
  await created;
  expect((await answer).text).toContain(wanted);
});

it('GetQueueAttributes is refused, not answered, for a queue that could not be stored', async () => {
  const { target, service, fail } = await heldServer();
  const created = service.createQueue('q');
  const answer = send(target, 'GET', '/queues/q');
  expect((await send(target, 'GET', '/nowhere')).status).toBe(400);
  fail();
  await expect(created).rejects.toThrow('no space');
  expect((await answer).status).toBe(500);
  expect((await send(target, 'GET', '/queues/q')).status).toBe(404);
});

it.each([
  ['GetQueueAttributes', 'GET', '/queues/q', ''],
  ['SendMessage', 'POST', '/queues/q/messages', '<Message><MessageBody>x</MessageBody></Message>'],
  ['CreateQueue', 'PUT', '/queues/new', '<Queue><DelaySeconds>9</DelaySeconds></Queue>'],
])('%s is not refused for what could not be kept', async (_, method, path, body) => {
  const { target, service, write, fail } = await heldServer();
  const made = service.createQueue('q');
  write();
  await made;
  const changed = [service.deleteQueue('q'), service.createQueue('new')];
  const answer = send(target, method, path, { body });
  expect((await send(target, 'GET', '/nowhere')).status).toBe(400);
  fail();
  await Promise.allSettled(changed);
  expect((await answer).status).toBe(500);
});

it.each([
  ['DeleteMessage', (handle: string) => [`?ReceiptHandle=${encodeURIComponent(handle)}`, '']],
  [
    'BatchDeleteMessage',
    (handle: string) => [
      '',
      `<ReceiptHandles><ReceiptHandle>${handle}</ReceiptHandle></ReceiptHandles>`,
    ],
  ],
])(
  '%s of a message that another request could not delete is not answered with 404',
  async (_, say) => {
    const { target, service, write, fail } = await heldServer();
    const kept = async <T>(work: Promise<T>): Promise<T> => {
      write();
      return work;
    };
    await kept(service.createQueue('q'));
    await kept(service.send('q', { body: 'x' }));
    const [{ receiptHandle } = { receiptHandle: '' }] = await kept(service.receive('q'));
    const deleted = service.deleteMessage('q', receiptHandle);
    const [query = '', body = ''] = say(receiptHandle);
    const answer = send(target, 'DELETE', `/queues/q/messages${query}`, { body });
    expect((await send(target, 'GET', '/nowhere')).status).toBe(400);
    fail();
    await expect(deleted).rejects.toThrow('no space');
    expect((await answer).status).toBe(500);
  },
);
