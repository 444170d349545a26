import { describe, expect, it } from 'vitest';
import { bodies, service } from './helpers.ts';

describe('long polling', () => {
  it('wakes waiting receivers in order, each with one message, the moment one is sent', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    const order: string[] = [];
    const waiting = ['first', 'second', 'third'].map(async (name) => {
      const [message] = await smq.receive('q', { waitSeconds: 30 });
      order.push(`${name} ${message?.body}`);
    });
    await clock.advance(1000);
    for (const body of ['a', 'b', 'c']) await smq.send('q', { body });
    await Promise.all(waiting);
    expect(order).toEqual(['first a', 'second b', 'third c']);
  });

  it('wakes a receiver when a delay or a lease ends', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 7 });
    await smq.send('q', { body: 'x', delaySeconds: 5 });
    const delayed = smq.receive('q', { waitSeconds: 30 });
    await clock.advance(5000);
    expect(bodies(await delayed)).toEqual(['x']);
    const lapsed = smq.receive('q', { waitSeconds: 30 });
    await clock.advance(7000);
    expect((await lapsed)[0]?.dequeueCount).toBe(2);
  });

  it("ends with nothing at its time, and uses the queue's wait when none is given", async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { pollingWaitSeconds: 3 });
    let ended = false;
    const waiting = smq.receive('q').then((messages) => {
      ended = true;
      return messages;
    });
    await clock.advance(2999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(await waiting).toEqual([]);
    expect(await smq.receive('q', { waitSeconds: 0 })).toEqual([]);
  });

  it('gives nothing to a receiver that went away', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    const gone = new AbortController();
    const left = smq.receive('q', { waitSeconds: 30, signal: gone.signal });
    gone.abort();
    expect(await left).toEqual([]);
    await smq.send('q', { body: 'x' });
    expect(smq.getQueue('q').counts.active).toBe(1);
  });

  it('ends with QueueNotExist when the queue is deleted', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    const waiting = expect(smq.receive('q', { waitSeconds: 30 })).rejects.toThrow(
      expect.objectContaining({ code: 'QueueNotExist' }),
    );
    await smq.deleteQueue('q');
    await waiting;
  });

  it('answers at once with nothing when too many wait already', async () => {
    const { smq } = service({ longPolls: 2 });
    await smq.createQueue('q');
    const waiting = [1, 2].map(() => smq.receive('q', { waitSeconds: 30 }));
    expect(await smq.receive('q', { waitSeconds: 30 })).toEqual([]);
    await smq.send('q', { body: 'x' });
    expect(bodies((await waiting[0]) ?? [])).toEqual(['x']);
  });

  it('leaves no timer', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    const waiting = smq.receive('q', { waitSeconds: 30 });
    await smq.send('q', { body: 'x' });
    const [message] = await waiting;
    await smq.deleteMessage('q', message?.receiptHandle ?? '');
    await clock.advance(400_000_000);
    expect(clock.pending).toBe(0);
  });
});
