import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { lmdbStore } from '#src/smq/store/lmdb';
import { until } from '#src/testing/until';
import { compiled } from '#test/compiled';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'smq-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function open(path: string, clock = new DrivenClock()): SmqService {
  return new SmqService({ clock, store: lmdbStore(path), accountId: '1' });
}

describe('after a restart', () => {
  it('sent messages are there in order, and deleted ones are not', async () => {
    const path = await folder();
    const before = open(path);
    await before.createQueue('q');
    for (const [body, priority] of [
      ['a', 8],
      ['b', 1],
      ['c', 8],
      ['d', 8],
    ] as const)
      await before.send('q', {
        body,
        priority,
        userProperties: [{ name: 'n', value: 'v', type: 'STRING' }],
      });
    const [first] = await before.receive('q');
    await before.deleteMessage('q', first?.receiptHandle ?? '');
    await before.close();
    const after = open(path);
    onTestFinished(() => after.close());
    expect(after.peek('q', 16).map(({ body }) => body)).toEqual(['a', 'c', 'd']);
    expect(after.peek('q')[0]?.userProperties).toEqual([{ name: 'n', value: 'v', type: 'STRING' }]);
    await after.send('q', { body: 'e' });
    expect(after.inspect('q').map(({ body }) => body)).toEqual(['a', 'c', 'd', 'e']);
  });

  it('a leased message is still leased, its handle good, and returns when the lease ends', async () => {
    const path = await folder();
    const clock = new DrivenClock();
    const before = open(path, clock);
    await before.createQueue('q', { visibilityTimeout: 30 });
    await before.send('q', { body: 'returns' });
    await before.send('q', { body: 'is deleted' });
    await before.send('q', { body: 'delayed', delaySeconds: 40 });
    const received = await before.receive('q', { max: 2 });
    await before.close();
    await clock.advance(10_000);
    const after = open(path, clock);
    onTestFinished(() => after.close());
    expect(after.getQueue('q').counts).toEqual({ active: 0, inactive: 2, delayed: 1 });
    await after.deleteMessage('q', received[1]?.receiptHandle ?? '');
    await clock.advance(20_000);
    expect(await after.receive('q', { max: 16 })).toMatchObject([
      { body: 'returns', dequeueCount: 2, firstDequeueTime: received[0]?.firstDequeueTime },
    ]);
    await clock.advance(10_000);
    expect((await after.receive('q'))[0]?.body).toBe('delayed');
  });

  it('what ended in the meantime has ended', async () => {
    const path = await folder();
    const clock = new DrivenClock();
    const before = open(path, clock);
    await before.apply({
      queues: [
        { name: 'q', visibilityTimeout: 30, deadLetter: { queue: 'dead', maxReceiveCount: 1 } },
        { name: 'dead' },
        { name: 'short', messageRetentionPeriod: 60 },
      ],
    });
    await before.send('q', { body: 'poison' });
    await before.send('short', { body: 'too old' });
    await before.receive('q');
    await before.close();
    await clock.advance(60_000);
    const after = open(path, clock);
    expect(after.inspect('q')).toEqual([]);
    expect(after.inspect('short')).toEqual([]);
    await after.pending();
    expect(after.inspect('dead').map(({ body }) => body)).toEqual(['poison']);
    await after.close();
    const again = open(path, clock);
    onTestFinished(() => again.close());
    expect(again.inspect('q')).toEqual([]);
    expect(again.inspect('dead').map(({ body }) => body)).toEqual(['poison']);
  });

  it('queues, topics, subscriptions and account attributes are as they were', async () => {
    const path = await folder();
    const before = open(path);
    await before.apply({
      queues: [
        { name: 'q', visibilityTimeout: 77, deadLetter: { queue: 'd', maxReceiveCount: 4 } },
        { name: 'd' },
      ],
      topics: [{ name: 't', maximumMessageSize: 2048 }, { name: 'gone' }],
      subscriptions: [
        { name: 's', topic: 't', endpoint: 'acs:mns:r:1:queues/q', filterTag: 'x' },
        { name: 's', topic: 'gone', endpoint: 'acs:mns:r:1:queues/q' },
      ],
    });
    await before.setLoggingBucket('logs');
    await before.deleteTopic('gone');
    const described = [
      before.getQueue('q'),
      before.getTopic('t'),
      before.getSubscription('t', 's'),
    ];
    await before.close();
    const after = open(path);
    onTestFinished(() => after.close());
    expect([after.getQueue('q'), after.getTopic('t'), after.getSubscription('t', 's')]).toEqual(
      described,
    );
    expect(after.loggingBucket).toBe('logs');
    expect(after.listTopics().items.map(({ name }) => name)).toEqual(['t']);
  });

  it('a queue made again under the same name has none of the old messages', async () => {
    const path = await folder();
    const before = open(path);
    await before.createQueue('q');
    await before.send('q', { body: 'old' });
    await before.deleteQueue('q');
    await before.createQueue('q');
    await before.send('q', { body: 'new' });
    await before.close();
    const after = open(path);
    onTestFinished(() => after.close());
    expect(after.inspect('q').map(({ body }) => body)).toEqual(['new']);
  });
});

describe('a store with remains of deleted resources', () => {
  it('gives each message its own lease and is rid of the rests', async () => {
    const path = await folder();
    const before = open(path);
    for (const queue of ['gone', 'q']) {
      await before.createQueue(queue, { visibilityTimeout: 60 });
      for (const body of ['a', 'b', 'c']) await before.send(queue, { body });
      await before.receive(queue, { max: 2 });
    }
    await before.close();
    const store = lmdbStore(path);
    await store.commit([
      { table: 'queues', key: 'gone' },
      { table: 'messages', key: [1, 2] },
      { table: 'messages', key: [2, 1] },
      { table: 'leases', key: [2, 3] },
    ]);
    await store.close();
    const after = open(path);
    expect(after.inspect('q').map(({ body, state }) => `${body} ${state}`)).toEqual([
      'b inactive',
      'c active',
    ]);
    await after.close();
    const cleaned = lmdbStore(path);
    onTestFinished(() => cleaned.close());
    expect([...cleaned.read('messages')].map(({ key }) => key)).toEqual([
      [2, 2],
      [2, 3],
    ]);
    expect([...cleaned.read('leases')].map(({ key }) => key)).toEqual([[2, 2]]);
  });
});

describe('after kill -9', () => {
  it('every acknowledged send is there, no acknowledged delete, and leases hold', async () => {
    const path = await folder();
    const program = `
      import { writeSync } from 'node:fs';
      import { realClock } from '#src/clock';
      import { SmqService } from '#src/smq/core/service';
      import { lmdbStore } from '#src/smq/store/lmdb';
      const smq = new SmqService({ clock: realClock, store: lmdbStore(${JSON.stringify(path)}), accountId: '1' });
      await smq.createQueue('q', { visibilityTimeout: 3600 });
      const say = (...words) => writeSync(1, words.join(' ') + '\\n');
      const work = async (worker) => {
        for (let i = 0; ; i++) {
          const { messageId } = await smq.send('q', { body: worker + ' ' + i });
          say('sent', messageId);
          const [message] = await smq.receive('q');
          if (!message) continue;
          if (i % 2) { say('leased', message.id); continue; }
          say('deleting', message.id);
          await smq.deleteMessage('q', message.receiptHandle);
          say('deleted', message.id);
        }
      };
      for (let worker = 0; worker < 8; worker++) void work(worker);`;
    // It writes to a file: a kill loses what a pipe had no room for because of a busy reader, and a
    // delete whose begin is lost looks like a lost send.
    const file = join(path, 'said');
    const output = openSync(file, 'w');
    const worker = await compiled(program);
    onTestFinished(worker.remove);
    const child = spawn(process.execPath, [worker.file], { stdio: ['ignore', output, 'inherit'] });
    closeSync(output);
    const exited = once(child, 'exit');
    const lines = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const deletes = () => lines().filter((line) => line.startsWith('deleted')).length;
    await until(() => child.exitCode !== null || deletes() >= 200);
    child.kill('SIGKILL');
    await exited;
    expect(child.signalCode).toBe('SIGKILL');
    const said = { sent: [], leased: [], deleting: [], deleted: [] } as Record<string, string[]>;
    for (const line of lines()) {
      const [word = '', id = ''] = line.split(' ');
      said[word]?.push(id);
    }

    const smq = open(path);
    onTestFinished(() => smq.close());
    const found = new Map(smq.inspect('q', 100_000).map(({ id, state }) => [id, state]));
    const deleting = new Set(said.deleting);
    for (const id of said.sent ?? []) if (!deleting.has(id)) expect(found.has(id)).toBe(true);
    for (const id of said.deleted ?? []) expect(found.has(id)).toBe(false);
    for (const id of said.leased ?? []) expect(found.get(id)).toBe('inactive');
  });
});
