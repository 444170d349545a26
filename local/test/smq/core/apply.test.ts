import { describe, expect, it } from 'vitest';
import { service } from './helpers.ts';

describe('apply', () => {
  const declared = {
    queues: [
      { name: 'q', visibilityTimeout: 60, deadLetter: { queue: 'dlq', maxReceiveCount: 3 } },
      { name: 'dlq' },
    ],
    topics: [{ name: 't' }],
    subscriptions: [
      {
        name: 's',
        topic: 't',
        endpoint: 'acs:mns:r:1:queues/q',
        notifyContentFormat: 'JSON' as const,
      },
    ],
  };

  it('creates declared resources and, repeated, changes nothing', async () => {
    const { clock, smq } = service();
    await smq.apply(declared);
    const before = [smq.getQueue('q'), smq.getTopic('t'), smq.getSubscription('t', 's')];
    await smq.send('q', { body: 'kept' });
    await clock.advance(5000);
    await smq.apply(declared);
    const { counts, ...after } = smq.getQueue('q');
    expect(counts.active).toBe(1);
    expect([after, smq.getTopic('t'), smq.getSubscription('t', 's')]).toMatchObject(
      before.map((one) => ({ ...one, counts: undefined })).map(({ counts: _, ...rest }) => rest),
    );
  });

  it('changes resources that are declared differently', async () => {
    const { smq } = service();
    await smq.apply(declared);
    await smq.apply({
      queues: [{ name: 'q', visibilityTimeout: 90 }],
      subscriptions: [{ name: 's', topic: 't', endpoint: 'acs:mns:r:1:queues/dlq' }],
    });
    expect(smq.getQueue('q').visibilityTimeout).toBe(90);
    expect(smq.getQueue('q').deadLetter).toBeUndefined();
    expect(smq.getSubscription('t', 's')).toMatchObject({
      endpoint: 'acs:mns:r:1:queues/dlq',
      notifyContentFormat: 'XML',
    });
  });
});
