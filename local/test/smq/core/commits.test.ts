import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { SmqService } from '#src/smq/core/service';
import { memoryStore } from '#src/smq/store/memory';

describe('a store that has not committed yet', () => {
  /** Returns a store whose commits end when the test says so. */
  function heldService() {
    const commits: (() => void)[] = [];
    const store = {
      ...memoryStore(),
      commit: () => new Promise<void>((resolve) => commits.push(resolve)),
    };
    const clock = new DrivenClock(1_000_000_000_000);
    const smq = new SmqService({ clock, store, accountId: '1' });
    const commit = (): void => {
      for (const end of commits.splice(0)) end();
    };
    return { clock, smq, commit };
  }

  it('leaves a send, a receive and a delete without their answers', async () => {
    const { clock, smq, commit } = heldService();
    const settled = async <T>(answer: Promise<T>): Promise<T> => {
      let done = false;
      void answer.then(() => {
        done = true;
      });
      await clock.advance(0);
      expect(done).toBe(false);
      commit();
      return answer;
    };
    await settled(smq.createQueue('q'));
    await settled(smq.createTopic('t'));
    await settled(smq.subscribe('t', 's', { endpoint: 'acs:mns:r:1:queues/q' }));
    await settled(smq.publish('t', { body: 'x' }));
    await settled(smq.sendBatch('q', [{ body: 'x' }]));
    await settled(smq.send('q', { body: 'x' }));
    const received = await settled(smq.receive('q', { max: 3 }));
    expect(received).toHaveLength(3);
    const [first, second] = received.map(({ receiptHandle }) => receiptHandle);
    await settled(smq.changeVisibility('q', first ?? '', 60));
    await settled(smq.deleteMessage('q', second ?? ''));
    await settled(smq.deleteQueue('q'));
  });

  it('shows a message to no one', async () => {
    const { clock, smq, commit } = heldService();
    const created = smq.createQueue('q');
    commit();
    await created;
    const sent = smq.send('q', { body: 'x' });
    await clock.advance(0);
    expect(smq.inspect('q')).toEqual([]);
    commit();
    await sent;
    expect(smq.inspect('q')).toHaveLength(1);
  });
});
