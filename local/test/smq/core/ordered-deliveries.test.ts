import { describe, expect, it } from 'vitest';
import { SmqService } from '#src/smq/core/service';
import { failingStore } from './failing-store.ts';
import { bodies, service } from './helpers.ts';

/**
 * Returns a topic `t` with a subscription whose endpoint refuses what is in `refused`; `taken` has
 * what it accepted.
 */
async function pushed() {
  const taken: string[] = [];
  const refused = new Set<string>();
  const store = failingStore();
  const push = async ({ body }: { body: string }) => {
    if (refused.has(body)) throw new Error('refused');
    taken.push(body);
  };
  const { clock, smq } = service({ store, push });
  await smq.createTopic('t');
  await smq.subscribe('t', 's', {
    endpoint: 'http://127.0.0.1/hook',
    notifyContentFormat: 'SIMPLIFIED',
    notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
  });
  return { clock, smq, store, push, taken, refused };
}

describe('the notifications of a group', () => {
  it('go to an endpoint one at a time, while others continue', async () => {
    const { clock, smq, taken, refused } = await pushed();
    refused.add('a1');
    for (const [body, groupId] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['a3', 'a'],
      ['x', undefined],
    ] as const)
      await smq.publish('t', { body, groupId });
    await clock.advance(0);
    expect(taken).toEqual(['b1', 'x']);
    await clock.advance(999);
    refused.clear();
    refused.add('a2');
    await clock.advance(1);
    expect(taken).toEqual(['b1', 'x', 'a1']);
    refused.clear();
    await clock.advance(1000);
    expect(taken).toEqual(['b1', 'x', 'a1', 'a2', 'a3']);
    expect(smq.deliveries()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('continue after one that is given up', async () => {
    const { clock, smq, taken, refused } = await pushed();
    await smq.setSubscriptionStrategy('t', 's', 'BACKOFF_RETRY');
    refused.add('1');
    for (const body of ['1', '2']) await smq.publish('t', { body, groupId: 'g' });
    await clock.advance(90_000);
    expect(taken).toEqual(['2']);
    expect(smq.deliveries()).toMatchObject([{ state: 'undeliverable' }]);
  });

  it('are in their order after a restart', async () => {
    const { clock, smq, store, push, taken, refused } = await pushed();
    refused.add('1');
    for (const body of ['1', '2', '3']) await smq.publish('t', { body, groupId: 'g' });
    await clock.advance(500);
    await smq.close();
    refused.clear();
    const again = new SmqService({ clock, store, push, accountId: '1' });
    await clock.advance(0);
    expect(taken).toEqual([]);
    await clock.advance(500);
    expect(taken).toEqual(['1', '2', '3']);
    await again.close();
  });

  it('wait for one that its queue has not got yet, when the queue is there', async () => {
    const { clock, smq } = service();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', {
      endpoint: 'acs:mns:any:any:queues/late',
      notifyContentFormat: 'SIMPLIFIED',
      notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
    });
    await smq.publish('t', { body: 'g1', groupId: 'g' });
    await clock.advance(0);
    await smq.createQueue('late');
    await smq.publish('t', { body: 'g2', groupId: 'g' });
    await smq.publish('t', { body: 'h1', groupId: 'h' });
    expect(bodies(smq.inspect('late'))).toEqual(['h1']);
    await clock.advance(1000);
    expect(bodies(smq.inspect('late'))).toEqual(['h1', 'g1', 'g2']);
  });

  /** Returns a topic whose subscription `s` goes to the queue `late`, which does not exist. */
  async function withoutQueue() {
    const store = failingStore();
    const { clock, smq } = service({ store, onError: () => {} });
    await smq.createTopic('t');
    await smq.subscribe('t', 's', {
      endpoint: 'acs:mns:any:any:queues/late',
      notifyContentFormat: 'SIMPLIFIED',
      notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
    });
    return { clock, smq, store };
  }

  it('keep their order when the queue is made between two of them, all in one turn', async () => {
    const { clock, smq } = await withoutQueue();
    await Promise.all([
      smq.publish('t', { body: '1', groupId: 'g' }),
      smq.createQueue('late'),
      smq.publish('t', { body: '2', groupId: 'g' }),
      smq.publish('t', { body: 'x' }),
    ]);
    await clock.advance(1000);
    expect(bodies(smq.inspect('late'))).toEqual(['x', '1', '2']);
  });

  it('wait for none that could not be stored', async () => {
    const { smq, store } = await withoutQueue();
    store.full = true;
    await expect(smq.publish('t', { body: '1', groupId: 'g' })).rejects.toThrow('no space');
    store.full = false;
    await smq.createQueue('late');
    await smq.publish('t', { body: '2', groupId: 'g' });
    expect(bodies(smq.inspect('late'))).toEqual(['2']);
  });

  it('are out one at a time when one comes to its queue in the turn of a send', async () => {
    const { clock, smq } = await withoutQueue();
    await smq.publish('t', { body: 'published', groupId: 'g' });
    await clock.advance(0);
    await smq.createQueue('late');
    const waiting = smq.receive('late', { waitSeconds: 30 });
    const tried = clock.advance(1000);
    await Promise.all([tried, smq.send('late', { body: 'sent', groupId: 'g' })]);
    const [first] = await waiting;
    expect(first?.body).toBe('published');
    expect(await smq.receive('late', { max: 16 })).toEqual([]);
  });
});
