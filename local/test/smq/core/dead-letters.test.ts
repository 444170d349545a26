import { describe, expect, it } from 'vitest';
import { SmqError } from '#src/smq/errors';
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
      { id: messageId, body: 'poison', priority: 2, dequeueCount: 1, enqueueTime: clock.now() },
    ]);
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
});
