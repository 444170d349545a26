import { describe, expect, it } from 'vitest';
import { SmqError } from '#local/smq/errors';
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

  it('need a target that exists and is another queue', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const queue of ['q', 'none'])
      await expect(smq.setDeadLetter('q', { queue, maxReceiveCount: 1 })).rejects.toThrow(SmqError);
  });
});
