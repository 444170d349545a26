import { describe, expect, it } from 'vitest';
import { bodies, receiveOne, service } from './helpers.ts';

describe('inspect', () => {
  it('shows a page of the messages, oldest first, and receives none of them', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const body of ['a', 'b', 'c', 'd']) await smq.send('q', { body });
    expect(bodies(smq.inspect('q', 2))).toEqual(['a', 'b']);
    expect(bodies(smq.inspect('q', 2, 2))).toEqual(['c', 'd']);
    expect(smq.inspect('q', 2, 4)).toEqual([]);
    expect(smq.getQueue('q').counts).toEqual({ active: 4, inactive: 0, delayed: 0 });
  });
});

describe('purge', () => {
  it('removes every message, leased and delayed ones too', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const body of ['a', 'b']) await smq.send('q', { body });
    await smq.send('q', { body: 'c', delaySeconds: 60 });
    const { receiptHandle } = await receiveOne(smq);
    expect(await smq.purge('q')).toBe(3);
    expect(smq.getQueue('q').counts).toEqual({ active: 0, inactive: 0, delayed: 0 });
    const notExist = expect.objectContaining({ code: 'MessageNotExist' });
    await expect(smq.deleteMessage('q', receiptHandle)).rejects.toThrow(notExist);
  });
});

describe('move', () => {
  it('sends a message on once whose id is given twice', async () => {
    const { smq } = service();
    await smq.apply({ queues: [{ name: 'q' }, { name: 'other' }] });
    const { messageId } = await smq.send('q', { body: 'a' });
    await smq.send('q', { body: 'b' });
    expect(await smq.move('q', 'other', [messageId, messageId])).toBe(1);
    expect(bodies(await smq.receive('q', { max: 16 }))).toEqual(['b']);
    expect(bodies(await smq.receive('other', { max: 16 }))).toEqual(['a']);
  });

  it('sends on what no receiver holds, and wakes who waits there', async () => {
    const { smq } = service();
    await smq.apply({ queues: [{ name: 'q' }, { name: 'other' }] });
    for (const body of ['held', 'a', 'b']) await smq.send('q', { body, priority: 3 });
    await receiveOne(smq);
    const waiting = smq.receive('other', { waitSeconds: 30 });
    expect(await smq.move('q', 'other')).toBe(2);
    expect(bodies(smq.inspect('q'))).toEqual(['held']);
    expect(await waiting).toMatchObject([{ body: 'a', priority: 3, dequeueCount: 1 }]);
    expect(bodies(smq.peek('other', 16))).toEqual(['b']);
  });

  it('takes the messages that are named, all of them or none', async () => {
    const { smq } = service();
    await smq.apply({ queues: [{ name: 'q' }, { name: 'other' }] });
    const { messageId } = await smq.send('q', { body: 'a' });
    await smq.send('q', { body: 'b' });
    const notExist = expect.objectContaining({ code: 'MessageNotExist' });
    const noQueue = expect.objectContaining({ code: 'QueueNotExist' });
    await expect(smq.move('q', 'none', [messageId])).rejects.toThrow(noQueue);
    await expect(smq.move('q', 'other', [messageId, 'X'])).rejects.toThrow(notExist);
    expect(smq.inspect('q')).toHaveLength(2);
    expect(await smq.move('q', 'other', [messageId])).toBe(1);
    expect(bodies(smq.inspect('q'))).toEqual(['b']);
  });
});

describe('redrive', () => {
  it('brings dead letters back to the queue each came from', async () => {
    const { clock, smq } = service();
    const deadLetter = { queue: 'dead', maxReceiveCount: 1 };
    await smq.apply({
      queues: [
        { name: 'a', visibilityTimeout: 5, deadLetter },
        { name: 'b', visibilityTimeout: 5, deadLetter },
        { name: 'gone', visibilityTimeout: 5, deadLetter },
        { name: 'dead' },
      ],
    });
    for (const queue of ['a', 'b', 'gone']) {
      await smq.send(queue, { body: queue });
      await smq.receive(queue);
    }
    await smq.send('dead', { body: 'own' });
    await clock.advance(5000);
    await smq.deleteQueue('gone');
    expect(smq.inspect('dead').map(({ deadLetterOf }) => deadLetterOf)).toEqual([
      undefined,
      'a',
      'b',
      'gone',
    ]);
    expect(await smq.redrive('dead')).toBe(2);
    expect(bodies(smq.inspect('dead'))).toEqual(['own', 'gone']);
    expect(smq.inspect('a')).toMatchObject([{ body: 'a', dequeueCount: 0, state: 'active' }]);
    expect(smq.inspect('a')[0]).not.toHaveProperty('deadLetterOf');
  });
});
