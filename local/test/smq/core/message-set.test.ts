import { describe, expect, it } from 'vitest';
import { seededRandom } from '#test/seeded-random';
import { bodies, receiveOne, service } from './helpers.ts';

describe('order', () => {
  it('gives the highest priority first and the oldest within one', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    for (const [body, priority] of [
      ['a', 16],
      ['b', 8],
      ['c', 1],
      ['d', 8],
      ['e', 1],
    ] as const)
      await smq.send('q', { body, priority });
    expect(bodies(await smq.receive('q', { max: 16 }))).toEqual(['c', 'e', 'b', 'd', 'a']);
  });

  it('puts a message whose lease ended after those already visible', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 10 });
    await smq.send('q', { body: 'first' });
    await receiveOne(smq);
    await clock.advance(1000);
    await smq.send('q', { body: 'second' });
    await clock.advance(9000);
    expect(bodies(smq.peek('q', 16))).toEqual(['second', 'first']);
  });

  it('stays right over thousands of random sends, receives, deletes and lapses', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 5 });
    const random = seededRandom(7);
    const alive = new Map<string, number>();
    const handles: { id: string; handle: string; until: number }[] = [];
    for (let step = 0; step < 2000; step++) {
      const action = random(5);
      if (action < 2) {
        const priority = 1 + random(16);
        const delaySeconds = random(3);
        const { messageId } = await smq.send('q', { body: 'x', priority, delaySeconds });
        alive.set(messageId, priority);
      } else if (action === 2) {
        const visible = smq.inspect('q', 10_000).filter(({ state }) => state === 'active');
        const best = Math.min(...visible.map(({ priority }) => priority));
        const [got] = await smq.receive('q');
        expect(got?.priority).toBe(visible.length > 0 ? best : undefined);
        if (got)
          handles.push({ id: got.id, handle: got.receiptHandle, until: got.nextVisibleTime });
      } else if (action === 3) {
        const held = handles.splice(random(handles.length || 1), 1)[0];
        if (held && held.until > clock.now()) {
          await smq.deleteMessage('q', held.handle);
          alive.delete(held.id);
        }
      } else await clock.advance(random(2000));
    }
    const left = smq.inspect('q', 10_000).map(({ id }) => id);
    expect(left.sort()).toEqual([...alive.keys()].sort());
    const { counts } = smq.getQueue('q');
    expect(counts.active + counts.inactive + counts.delayed).toBe(alive.size);
  });
});
