import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { retryDelayMs } from '#src/retry-schedule';
import type { HttpNotification } from '#src/smq/core/delivery';
import { SmqService } from '#src/smq/core/service';
import { lmdbStore } from '#src/smq/store/lmdb';
import { until } from '#src/testing/until';
import { bodies, service } from './helpers.ts';

const HOOK = 'http://127.0.0.1/hook';

/** Returns an account whose pushes fail until `succeed` is called; `tries` has the time of each. */
function failing() {
  const tries: number[] = [];
  const taken: HttpNotification[] = [];
  let failure: string | undefined = 'refused';
  const { clock, smq } = service({
    async push(notification) {
      tries.push(clock.now());
      if (failure !== undefined) throw new Error(failure);
      taken.push(notification);
    },
  });
  return {
    clock,
    smq,
    tries,
    taken,
    succeed: () => {
      failure = undefined;
    },
  };
}

describe('retries', () => {
  it('of BACKOFF_RETRY are three, each after 10 to 20 seconds', async () => {
    const { clock, smq, tries } = failing();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', { endpoint: HOOK });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    await clock.advance(86_400_000);
    expect(tries).toHaveLength(4);
    for (const [i, at] of tries.slice(1).entries()) {
      expect(at - (tries[i] ?? 0)).toBeGreaterThanOrEqual(10_000);
      expect(at - (tries[i] ?? 0)).toBeLessThanOrEqual(20_000);
    }
    expect(smq.deliveries()).toMatchObject([
      { state: 'undeliverable', failures: 4, endpoint: HOOK, error: 'refused' },
    ]);
    expect(clock.pending).toBe(0);
  });

  it('of EXPONENTIAL_DECAY_RETRY are 176 over a day', async () => {
    const { clock, smq, tries } = failing();
    await smq.createTopic('t');
    const notifyStrategy = 'EXPONENTIAL_DECAY_RETRY';
    await smq.subscribe('t', 's', { endpoint: HOOK, notifyStrategy });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    await clock.advance(2 * 86_400_000);
    const gaps = tries.slice(1).map((at, i) => (at - (tries[i] ?? 0)) / 1000);
    expect(gaps.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512]);
    expect(gaps.slice(9)).toEqual(Array(167).fill(512));
    expect(gaps.reduce((sum, gap) => sum + gap)).toBe(86_015);
    expect(smq.deliveries()).toMatchObject([{ state: 'undeliverable', failures: 177 }]);
  });

  it('differ by chance, so that what failed together does not come back together', () => {
    const delays = new Set(Array.from({ length: 50 }, () => retryDelayMs('BACKOFF_RETRY', 1)));
    expect(delays.size).toBeGreaterThan(10);
  });

  it('end with the first success', async () => {
    const { clock, smq, tries, taken, succeed } = failing();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', { endpoint: HOOK, notifyContentFormat: 'SIMPLIFIED' });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    expect(smq.getTopic('t').messageCount).toBe(1);
    succeed();
    await clock.advance(100_000);
    expect(tries).toHaveLength(2);
    expect(taken).toMatchObject([{ url: HOOK, body: 'x', format: 'SIMPLIFIED' }]);
    expect(smq.deliveries()).toEqual([]);
    expect(smq.getTopic('t').messageCount).toBe(0);
  });

  it('follow a change of the strategy, and stop when the subscription is gone or another', async () => {
    const { clock, smq, tries } = failing();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', { endpoint: HOOK });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    await smq.setSubscriptionStrategy('t', 's', 'EXPONENTIAL_DECAY_RETRY');
    await clock.advance(86_000);
    expect(tries.length).toBeGreaterThan(4);
    const before = tries.length;
    await smq.unsubscribe('t', 's');
    await smq.subscribe('t', 's', { endpoint: 'http://127.0.0.1/other' });
    await clock.advance(600_000);
    expect(tries).toHaveLength(before);
    expect(smq.deliveries()).toEqual([]);
  });
});

describe('a notification for a queue that is not there', () => {
  it('is in the queue once that is made', async () => {
    const { clock, smq } = service();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', {
      endpoint: 'acs:mns:r:1:queues/late',
      notifyContentFormat: 'SIMPLIFIED',
    });
    await smq.publish('t', { body: 'x' });
    await clock.advance(5000);
    expect(smq.deliveries()).toMatchObject([{ state: 'pending', failures: 1 }]);
    await smq.createQueue('late');
    await clock.advance(20_000);
    expect(bodies(smq.inspect('late'))).toEqual(['x']);
    expect(smq.deliveries()).toEqual([]);
  });

  it('is given up when the queue is never created', async () => {
    const { clock, smq } = service();
    await smq.createTopic('t');
    await smq.subscribe('t', 's', { endpoint: 'acs:mns:r:1:queues/never' });
    await smq.publish('t', { body: 'x' });
    await clock.advance(0);
    await clock.advance(100_000);
    expect(smq.deliveries()).toMatchObject([
      { state: 'undeliverable', failures: 4, error: 'Queue "never" does not exist' },
    ]);
  });
});

describe('the stored state of deliveries', () => {
  it('survives a restart: the failures so far, the time of the next attempt, finished deliveries', async () => {
    const path = await mkdtemp(join(tmpdir(), 'smq-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    const clock = new DrivenClock();
    const taken: string[] = [];
    const open = (fails: boolean) =>
      new SmqService({
        clock,
        store: lmdbStore(path),
        accountId: '1',
        async push({ body }) {
          if (fails) throw new Error('refused');
          taken.push(body);
        },
      });
    const before = open(true);
    await before.createTopic('t');
    const notifyContentFormat = 'SIMPLIFIED';
    await before.subscribe('t', 'mail', {
      endpoint: 'mail:directmail:a@example.com',
      notifyContentFormat,
    });
    await before.subscribe('t', 's', {
      endpoint: HOOK,
      notifyContentFormat,
      notifyStrategy: 'EXPONENTIAL_DECAY_RETRY',
    });
    await before.publish('t', { body: 'x' });
    await until(() => before.deliveries()[1]?.failures === 1);
    await clock.advance(1000);
    await until(() => before.deliveries()[1]?.failures === 2);
    const kept = before.deliveries();
    await before.close();
    const after = open(false);
    onTestFinished(() => after.close());
    expect(after.deliveries()).toEqual(kept);
    await clock.advance(1999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    await until(() => after.deliveries().length === 1);
    expect(taken).toEqual(['x']);
    expect(after.deliveries()).toMatchObject([{ state: 'recorded', text: 'x' }]);
  });

  it('contains the latest thousand finished deliveries', async () => {
    const { smq } = service();
    await smq.createTopic('t');
    await smq.subscribe('t', 'sms', {
      endpoint: 'sms:directsms:1',
      notifyContentFormat: 'SIMPLIFIED',
    });
    for (let i = 0; i < 1010; i++) await smq.publish('t', { body: String(i) });
    const texts = smq.deliveries().map(({ text }) => text);
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([1000, '10', '1009']);
  });
});
