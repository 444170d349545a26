import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#local/clock';
import type { ReceivedMessage } from '#local/smq/core/message';
import { SmqService } from '#local/smq/core/service';
import { SmqError } from '#local/smq/errors';
import { memoryStore } from '#local/smq/store/memory';
import { seededRandom } from './helpers.ts';

function service(strictHandles = false): { clock: DrivenClock; smq: SmqService } {
  const clock = new DrivenClock(1_000_000_000_000);
  const smq = new SmqService({ clock, store: memoryStore(), accountId: '1', strictHandles });
  return { clock, smq };
}

async function receiveOne(smq: SmqService, queue = 'q'): Promise<ReceivedMessage> {
  const [message] = await smq.receive(queue);
  if (!message) throw new Error('nothing to receive');
  return message;
}

function bodies(messages: { body: string }[]): string[] {
  return messages.map(({ body }) => body);
}

const notExist = expect.objectContaining({ code: 'MessageNotExist' });

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

  it('puts a message whose lease ended behind those already visible', async () => {
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

describe('receipt handles', () => {
  it('hold the time of the lease and its length, whose sum is the next visible time', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { id, receiptHandle, nextVisibleTime } = await receiveOne(smq);
    expect(receiptHandle.startsWith(`${id}-`)).toBe(true);
    const text = Buffer.from(receiptHandle.slice(33), 'base64').toString();
    const [, start, length] = text.split(' ').map(Number);
    expect(start).toBe(clock.now());
    expect((start ?? 0) + (length ?? 0)).toBe(nextVisibleTime);
  });

  it('are stale once the lease has ended, even if nobody else received the message', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 10 });
    await smq.send('q', { body: 'x' });
    const first = await receiveOne(smq);
    await clock.advance(10_000);
    await expect(smq.deleteMessage('q', first.receiptHandle)).rejects.toThrow(notExist);
    const second = await receiveOne(smq);
    await expect(smq.deleteMessage('q', first.receiptHandle)).rejects.toThrow(notExist);
    await smq.deleteMessage('q', second.receiptHandle);
    await expect(smq.deleteMessage('q', second.receiptHandle)).rejects.toThrow(notExist);
  });

  it.each(['', 'x', 'nonsense-AAAA', `${'A'.repeat(32)}-`, `${'A'.repeat(32)}-AAAA`])(
    'that are malformed are refused as such: %j',
    async (handle) => {
      const { smq } = service();
      await smq.createQueue('q');
      const error = expect.objectContaining({ code: 'ReceiptHandleError' });
      await expect(smq.deleteMessage('q', handle)).rejects.toThrow(error);
    },
  );

  it('of the receive still delete after a change of visibility', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const changed = await smq.changeVisibility('q', receiptHandle, 60);
    expect(changed.receiptHandle).not.toBe(receiptHandle);
    await smq.deleteMessage('q', receiptHandle);
    expect(smq.inspect('q')).toEqual([]);
  });

  it('of the receive are refused after a change of visibility when handles are strict', async () => {
    const { smq } = service(true);
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const changed = await smq.changeVisibility('q', receiptHandle, 60);
    await expect(smq.deleteMessage('q', receiptHandle)).rejects.toThrow(notExist);
    await smq.deleteMessage('q', changed.receiptHandle);
  });

  it('change the lease both ways', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 30 });
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const longer = await smq.changeVisibility('q', receiptHandle, 100);
    await clock.advance(50_000);
    expect(smq.inspect('q')[0]?.state).toBe('inactive');
    const shorter = await smq.changeVisibility('q', longer.receiptHandle, 1);
    expect(shorter.nextVisibleTime).toBe(clock.now() + 1000);
    await clock.advance(1000);
    expect(smq.inspect('q')[0]).toMatchObject({ state: 'active', dequeueCount: 1 });
  });
});

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
    const waiting = smq.receive('q', { waitSeconds: 30 });
    await smq.deleteQueue('q');
    await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'QueueNotExist' }));
  });

  it('leaves no timer behind', async () => {
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

describe('a store that has not committed yet', () => {
  /** A store whose commits end when the test says so. */
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

  it('shows a message to nobody', async () => {
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

  it('creates what is declared and, again, changes nothing', async () => {
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

  it('changes what is declared otherwise', async () => {
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
