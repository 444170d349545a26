import { describe, expect, it } from 'vitest';
import { SmqError } from '#src/smq/errors';
import type { Property } from '#src/smq/properties';
import { failingStore } from './failing-store.ts';
import { receiveOne, service } from './helpers.ts';

describe('dead letters', () => {
  const declared = {
    queues: [
      { name: 'q', visibilityTimeout: 10, deadLetter: { queue: 'dead', maxReceiveCount: 2 } },
      { name: 'dead' },
    ],
  };

  it('go to the other queue when the last allowed lease ends, and wake who waits there', async () => {
    const { clock, smq } = service();
    await smq.apply(declared);
    const { messageId } = await smq.send('q', { body: 'poison', priority: 2 });
    await smq.receive('q');
    await clock.advance(10_000);
    expect((await receiveOne(smq)).dequeueCount).toBe(2);
    const waiting = smq.receive('dead', { waitSeconds: 30 });
    await clock.advance(9999);
    expect(smq.inspect('q')).toHaveLength(1);
    await clock.advance(1);
    expect(smq.inspect('q')).toEqual([]);
    expect(await waiting).toMatchObject([
      { id: messageId, body: 'poison', priority: 2, dequeueCount: 1 },
    ]);
  });

  it('carry where they come from, which their move to another queue takes off', async () => {
    const { clock, smq } = service({ accountId: '7', region: 'cn-beijing' });
    await smq.apply(declared);
    const own: Property = { name: 'traceparent', value: '00-1-2-01', type: 'STRING' };
    const faked: Property = { name: 'DLQSourceArn', value: 'x', type: 'STRING' };
    const { messageId } = await smq.send('q', { body: 'x', systemProperties: [own, faked] });
    for (let i = 0; i < 2; i++) {
      await smq.receive('q');
      await clock.advance(10_000);
    }
    const [dead] = await smq.receive('dead');
    expect(dead?.systemProperties).toEqual([
      own,
      { name: 'DLQMessageType', value: 'QUEUE', type: 'STRING' },
      { name: 'DLQSourceArn', value: 'acs:mns:cn-beijing:7:/queues/q', type: 'STRING' },
      { name: 'DLQOriginMessageId', value: messageId, type: 'STRING' },
    ]);
    await clock.advance(30_000);
    expect(await smq.redrive('dead')).toBe(1);
    expect(smq.inspect('q')).toMatchObject([{ systemProperties: [own], enqueueTime: clock.now() }]);
  });

  it('keep the time at which they were sent, so that retention is the total over both queues', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 40, deadLetter: { queue: 'dead', maxReceiveCount: 1 } },
        { name: 'dead', messageRetentionPeriod: 60 },
      ],
    });
    const start = clock.now();
    await smq.send('q', { body: 'old' });
    await smq.receive('q');
    await clock.advance(30_000);
    await smq.send('dead', { body: 'young' });
    await clock.advance(10_000);
    expect(smq.inspect('dead')).toMatchObject([
      { body: 'young', enqueueTime: start + 30_000 },
      { body: 'old', enqueueTime: start },
    ]);
    await clock.advance(19_999);
    expect(smq.inspect('dead')).toHaveLength(2);
    await clock.advance(1);
    expect(smq.inspect('dead')).toMatchObject([{ body: 'young' }]);
    await clock.advance(30_000);
    expect(smq.inspect('dead')).toEqual([]);
  });

  it('that are too old for the other queue are gone', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 100, deadLetter: { queue: 'dead', maxReceiveCount: 1 } },
        { name: 'dead', messageRetentionPeriod: 60 },
      ],
    });
    await smq.send('q', { body: 'old' });
    await smq.receive('q');
    await clock.advance(100_000);
    expect([smq.inspect('q'), smq.inspect('dead')]).toEqual([[], []]);
  });

  it('stay while the target is not there', async () => {
    const { clock, smq } = service();
    await smq.apply(declared);
    await smq.deleteQueue('dead');
    await smq.send('q', { body: 'poison' });
    for (let i = 0; i < 5; i++) {
      await smq.receive('q');
      await clock.advance(10_000);
    }
    expect(smq.inspect('q')).toMatchObject([{ dequeueCount: 5, state: 'active' }]);
  });

  it('are in one queue at a time, even when two queues are each other’s target', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 10, deadLetter: { queue: 'r', maxReceiveCount: 1 } },
        { name: 'r', visibilityTimeout: 10, deadLetter: { queue: 'q', maxReceiveCount: 1 } },
      ],
    });
    for (const name of ['q', 'r']) {
      for (const nth of [1, 2]) await smq.send(name, { body: `${name}${nth}` });
      await smq.receive(name, { max: 16 });
    }
    const waiting = ['q', 'r'].map((name) => smq.receive(name, { max: 16, waitSeconds: 30 }));
    await clock.advance(10_000);
    const [fromQ, fromR] = await Promise.all(waiting);
    expect(fromQ?.map(({ body }) => body)).toEqual(['r1', 'r2']);
    expect(fromR?.map(({ body }) => body)).toEqual(['q1', 'q2']);
  });

  it('change places by the thousands when two queues are each other’s target', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 10 },
        { name: 'r', visibilityTimeout: 10 },
      ],
    });
    const most = 5000;
    const pairs = [
      ['q', 'r'],
      ['r', 'q'],
    ] as const;
    for (const [name, queue] of pairs) {
      await smq.setDeadLetter(name, { queue, maxReceiveCount: 1 });
      await Promise.all(Array.from({ length: most }, () => smq.send(name, { body: name })));
      for (let received = 0; received < most; received += 16) await smq.receive(name, { max: 16 });
    }
    await clock.advance(10_000);
    for (const [name, body] of pairs) {
      expect(smq.getQueue(name).counts).toMatchObject({ active: most, inactive: 0 });
      expect(new Set(smq.inspect(name, most).map((one) => one.body))).toEqual(new Set([body]));
    }
  });

  it('need a target that exists and is another queue', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const queue of ['q', 'none'])
      await expect(smq.setDeadLetter('q', { queue, maxReceiveCount: 1 })).rejects.toThrow(SmqError);
  });

  it('are known by the queue they go to: of queues made, changed, deleted, restored and not written', async () => {
    const store = failingStore();
    const { smq } = service({ store });
    const sources = () => smq.deadLetterSources('dead');
    await smq.apply({ queues: [{ name: 'dead' }, { name: 'other' }, { name: 'b' }] });
    expect(sources()).toEqual([]);
    const policy = { queue: 'dead', maxReceiveCount: 2 };
    await smq.setDeadLetter('b', policy);
    await smq.createQueue('a', {}, policy);
    expect(sources()).toEqual(['a', 'b']);
    expect(service({ store }).smq.deadLetterSources('dead')).toEqual(['a', 'b']);

    store.full = true;
    const refused = [
      smq.createQueue('c', {}, policy),
      smq.deleteQueue('a'),
      smq.setDeadLetter('b', undefined),
    ];
    for (const one of refused) await expect(one).rejects.toThrow('no space left');
    expect(sources()).toEqual(['a', 'b']);
    store.full = false;

    await smq.setDeadLetter('b', { ...policy, queue: 'other' });
    expect([sources(), smq.deadLetterSources('other')]).toEqual([['a'], ['b']]);
    const changed = smq.setDeadLetter('a', { ...policy, maxReceiveCount: 5 });
    await Promise.all([changed, smq.deleteQueue('a')]);
    expect(sources()).toEqual([]);
  });
});
