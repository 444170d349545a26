import { describe, expect, it } from 'vitest';
import { seededRandom } from '#test/seeded-random';
import { failingStore } from './failing-store.ts';
import { bodies, receiveOne, service } from './helpers.ts';

async function grouped(...messages: [groupId: string | undefined, body: string][]) {
  const { clock, smq } = service();
  await smq.createQueue('q', { visibilityTimeout: 10 });
  for (const [groupId, body] of messages) await smq.send('q', { body, groupId });
  return { clock, smq };
}

const many = { max: 16 };

describe('the messages of a group', () => {
  it('are received one at a time, in the order in which they came', async () => {
    const { smq } = await grouped(['g', '1'], ['g', '2'], ['g', '3']);
    for (const body of ['1', '2', '3']) {
      const received = await smq.receive('q', many);
      expect(bodies(received)).toEqual([body]);
      expect(received[0]?.groupId).toBe('g');
      expect(await smq.receive('q', many)).toEqual([]);
      await smq.deleteMessage('q', received[0]?.receiptHandle ?? '');
    }
    expect(smq.inspect('q')).toEqual([]);
  });

  it('hold up neither another group nor a message without one', async () => {
    const { smq } = await grouped(
      ['a', 'a1'],
      ['a', 'a2'],
      ['b', 'b1'],
      ['b', 'b2'],
      [undefined, 'x'],
    );
    expect(bodies(await smq.receive('q', many))).toEqual(['a1', 'b1', 'x']);
    expect(smq.getQueue('q').counts).toEqual({ active: 2, inactive: 3, delayed: 0 });
  });

  it('wait until the first is visible again, and then it is received again', async () => {
    const { clock, smq } = await grouped(['g', '1'], ['g', '2']);
    await smq.receive('q');
    await clock.advance(9999);
    expect(await smq.receive('q', many)).toEqual([]);
    await clock.advance(1);
    const again = await receiveOne(smq);
    expect(again).toMatchObject({ body: '1', dequeueCount: 2 });
    await smq.deleteMessage('q', again.receiptHandle);
    expect(await receiveOne(smq)).toMatchObject({ body: '2', dequeueCount: 1 });
  });

  it('wait for as long as the visibility of the first is changed to', async () => {
    const { clock, smq } = await grouped(['g', '1'], ['g', '2']);
    const first = await receiveOne(smq);
    const { receiptHandle } = await smq.changeVisibility('q', first.receiptHandle, 60);
    await clock.advance(59_999);
    expect(await smq.receive('q', many)).toEqual([]);
    await smq.deleteMessage('q', receiptHandle);
    expect(bodies(await smq.receive('q', many))).toEqual(['2']);
  });

  it('wait for the delay of one that came before, and keep their own', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: '1', groupId: 'g', delaySeconds: 5 });
    await smq.send('q', { body: '2', groupId: 'g' });
    await smq.send('q', { body: '3', groupId: 'g', delaySeconds: 20 });
    expect(smq.getQueue('q').counts).toEqual({ active: 1, inactive: 0, delayed: 2 });
    await clock.advance(4999);
    expect(await smq.receive('q', many)).toEqual([]);
    await clock.advance(1);
    for (const body of ['1', '2']) {
      const received = await smq.receive('q', many);
      expect(bodies(received)).toEqual([body]);
      await smq.deleteMessage('q', received[0]?.receiptHandle ?? '');
    }
    await clock.advance(14_999);
    expect(await smq.receive('q', many)).toEqual([]);
    await clock.advance(1);
    expect(bodies(await smq.receive('q', many))).toEqual(['3']);
  });

  it('come by priority among groups, and by arrival within one', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const [groupId, body, priority] of [
      ['a', 'a1', 9],
      ['a', 'a2', 1],
      ['b', 'b1', 5],
    ] as const)
      await smq.send('q', { body, groupId, priority });
    expect(bodies(smq.peek('q', 16))).toEqual(['b1', 'a1']);
    expect(bodies(await smq.receive('q', many))).toEqual(['b1', 'a1']);
  });

  it('wake the receiver that waits for the next of them', async () => {
    const { smq } = await grouped(['g', '1'], ['g', '2']);
    const first = await receiveOne(smq);
    const waiting = smq.receive('q', { waitSeconds: 30 });
    await smq.deleteMessage('q', first.receiptHandle);
    expect(bodies(await waiting)).toEqual(['2']);
  });

  it('go on when the first expires', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { messageRetentionPeriod: 60, visibilityTimeout: 3600 });
    await smq.send('q', { body: '1', groupId: 'g' });
    await smq.receive('q');
    await clock.advance(30_000);
    await smq.send('q', { body: '2', groupId: 'g' });
    const waiting = smq.receive('q', { waitSeconds: 30 });
    await clock.advance(30_000);
    expect(bodies(await waiting)).toEqual(['2']);
  });

  it('go on when the first is a dead letter, and are a group among the dead letters', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 10, deadLetter: { queue: 'dead', maxReceiveCount: 1 } },
        { name: 'dead' },
      ],
    });
    for (const body of ['1', '2', '3']) await smq.send('q', { body, groupId: 'g' });
    for (const body of ['1', '2']) {
      expect((await receiveOne(smq)).body).toBe(body);
      const waiting = smq.receive('q', { max: 1, waitSeconds: 1 });
      await clock.advance(1000);
      expect(await waiting).toEqual([]);
      await clock.advance(9000);
    }
    expect((await receiveOne(smq)).body).toBe('3');
    const dead = await smq.receive('dead', many);
    expect(dead).toMatchObject([{ body: '1', groupId: 'g' }]);
    await smq.deleteMessage('dead', dead[0]?.receiptHandle ?? '');
    expect(bodies(await smq.receive('dead', many))).toEqual(['2']);
  });

  it('are out one at a time when a dead letter of the group comes in the turn of a send', async () => {
    const { clock, smq } = service();
    await smq.apply({
      queues: [
        { name: 'q', visibilityTimeout: 10, deadLetter: { queue: 'dead', maxReceiveCount: 1 } },
        { name: 'dead' },
      ],
    });
    await smq.send('q', { body: 'given up', groupId: 'g' });
    await smq.receive('q');
    const waiting = smq.receive('dead', { waitSeconds: 30 });
    const sent = smq.send('dead', { body: 'sent', groupId: 'g' });
    await Promise.all([sent, clock.advance(10_000)]);
    const [first] = await waiting;
    expect(first?.body).toBe('sent');
    expect(await smq.receive('dead', many)).toEqual([]);
    await smq.deleteMessage('dead', first?.receiptHandle ?? '');
    expect(bodies(await smq.receive('dead', many))).toEqual(['given up']);
  });

  it('go on when the first is moved to another queue', async () => {
    const { smq } = await grouped(['g', '1'], ['g', '2']);
    await smq.createQueue('other');
    const [first] = smq.inspect('q');
    await smq.move('q', 'other', [first?.id ?? '']);
    expect(bodies(await smq.receive('q', many))).toEqual(['2']);
    expect(await smq.receive('other')).toMatchObject([{ body: '1', groupId: 'g' }]);
  });

  it('wait as before for a first one whose delete or lease could not be written', async () => {
    const store = failingStore();
    const { smq } = service({ store });
    await smq.createQueue('q');
    for (const body of ['1', '2', '3']) await smq.send('q', { body, groupId: 'g' });
    store.full = true;
    await expect(smq.receive('q')).rejects.toThrow('no space');
    store.full = false;
    const first = await receiveOne(smq);
    expect(first).toMatchObject({ body: '1', dequeueCount: 1 });
    store.full = true;
    const waiting = smq.receive('q', { waitSeconds: 30 }).catch(() => 'failed');
    await expect(smq.deleteMessage('q', first.receiptHandle)).rejects.toThrow('no space');
    expect(await waiting).toBe('failed');
    store.full = false;
    expect(await smq.receive('q', many)).toEqual([]);
    await smq.deleteMessage('q', first.receiptHandle);
    expect(await receiveOne(smq)).toMatchObject({ body: '2', dequeueCount: 1 });
  });

  it('keep their order when a purge of them could not be written', async () => {
    const store = failingStore();
    const { clock, smq } = service({ store });
    await smq.createQueue('q', { visibilityTimeout: 10 });
    for (const body of ['1', '2', '3']) await smq.send('q', { body, groupId: 'g' });
    await smq.receive('q');
    store.full = true;
    await expect(smq.purge('q')).rejects.toThrow('no space');
    store.full = false;
    expect(smq.getQueue('q').counts).toEqual({ active: 2, inactive: 1, delayed: 0 });
    expect(await smq.receive('q', many)).toEqual([]);
    await clock.advance(10_000);
    for (const body of ['1', '2', '3']) {
      const [received] = await smq.receive('q', many);
      expect(received?.body).toBe(body);
      await smq.deleteMessage('q', received?.receiptHandle ?? '');
    }
  });

  it('stay in order over thousands of random sends, receives, deletes, lapses and delays', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 5 });
    const random = seededRandom(5);
    const lines = new Map<string, string[]>();
    const held: { groupId: string; body: string; handle: string; until: number }[] = [];
    for (let step = 0; step < 3000; step++) {
      const action = random(5);
      if (action < 2) {
        const groupId = `g${random(4)}`;
        const body = String(step);
        const delaySeconds = random(4) === 0 ? random(3) : 0;
        await smq.send('q', { body, groupId, delaySeconds, priority: 1 + random(16) });
        lines.set(groupId, [...(lines.get(groupId) ?? []), body]);
      } else if (action === 2) {
        for (const { body, groupId = '', receiptHandle, nextVisibleTime } of await smq.receive(
          'q',
          { max: 1 + random(3) },
        )) {
          expect(body).toBe(lines.get(groupId)?.[0]);
          held.push({ groupId, body, handle: receiptHandle, until: nextVisibleTime });
        }
      } else if (action === 3) {
        const [one] = held.splice(random(held.length || 1), 1);
        if (!one || one.until <= clock.now()) continue;
        await smq.deleteMessage('q', one.handle);
        lines.get(one.groupId)?.shift();
      } else await clock.advance(random(2000));
      const left = [...lines.values()].flat().length;
      const { active, inactive, delayed } = smq.getQueue('q').counts;
      expect(active + inactive + delayed).toBe(left);
    }
    await clock.advance(10_000);
    expect(bodies(await smq.receive('q', many)).sort()).toEqual(
      [...lines.values()].flatMap((line) => line.slice(0, 1)).sort(),
    );
  });

  it('of a single group are emptied by the thousands', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    const count = 5000;
    await Promise.all(
      Array.from({ length: count }, () => smq.send('q', { body: 'x', groupId: 'g' })),
    );
    expect(await smq.purge('q')).toBe(count);
    expect(smq.getQueue('q').counts).toEqual({ active: 0, inactive: 0, delayed: 0 });
  });
});
