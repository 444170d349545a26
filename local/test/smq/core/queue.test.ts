import { describe, expect, it } from 'vitest';
import { bodies, receiveOne, service } from './helpers.ts';

const notExist = expect.objectContaining({ code: 'MessageNotExist' });

describe('delay, visibility and retention', () => {
  it("hides a delayed message until its own delay, which overrides the queue's", async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { delaySeconds: 60 });
    await smq.send('q', { body: 'queue delay' });
    await smq.send('q', { body: 'own delay', delaySeconds: 5 });
    expect(smq.getQueue('q').counts).toEqual({ active: 0, inactive: 0, delayed: 2 });
    await clock.advance(4999);
    expect(await smq.receive('q')).toEqual([]);
    await clock.advance(1);
    expect(bodies(await smq.receive('q', { max: 16 }))).toEqual(['own delay']);
    await clock.advance(55_000);
    expect(smq.getQueue('q').counts).toEqual({ active: 2, inactive: 0, delayed: 0 });
  });

  it('gives a handle for a delayed message, which deletes it', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    const { receiptHandle = '' } = await smq.send('q', { body: 'x', delaySeconds: 9 });
    await smq.deleteMessage('q', receiptHandle);
    expect(smq.inspect('q')).toEqual([]);
    expect(await smq.send('q', { body: 'x' })).not.toHaveProperty('receiptHandle');
  });

  it('counts receives, keeps the first dequeue time and shows the message again when its lease ends', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 30 });
    await smq.send('q', { body: 'x' });
    const start = clock.now();
    expect(await receiveOne(smq)).toMatchObject({
      dequeueCount: 1,
      firstDequeueTime: start,
      nextVisibleTime: start + 30_000,
    });
    expect(smq.getQueue('q').counts).toEqual({ active: 0, inactive: 1, delayed: 0 });
    await clock.advance(29_999);
    expect(await smq.receive('q')).toEqual([]);
    await clock.advance(1);
    expect(await receiveOne(smq)).toMatchObject({ dequeueCount: 2, firstDequeueTime: start });
  });

  it('forgets a message, leased or not, when its retention period is over', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { messageRetentionPeriod: 60, visibilityTimeout: 3600 });
    await smq.send('q', { body: 'leased' });
    await smq.send('q', { body: 'visible' });
    const { receiptHandle } = await receiveOne(smq);
    await clock.advance(59_999);
    expect(smq.inspect('q')).toHaveLength(2);
    await clock.advance(1);
    expect(smq.inspect('q')).toEqual([]);
    await expect(smq.deleteMessage('q', receiptHandle)).rejects.toThrow(notExist);
  });

  it('follows a change of the retention period', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    await clock.advance(120_000);
    await smq.setQueueAttributes('q', { messageRetentionPeriod: 60 });
    expect(smq.inspect('q')).toEqual([]);
  });

  it('keeps one timer however many messages there are', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    for (let i = 0; i < 100; i++) await smq.send('q', { body: 'x', delaySeconds: i });
    await smq.receive('q', { max: 16 });
    expect(clock.pending).toBe(1);
  });
});
