import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import type { Clock } from '#src/clock/clock';
import { ServiceError } from '#src/errors/errors';
import { retrying } from '#src/retry/retry';

const busy = new ServiceError('busy', { service: 'oss', code: 'Busy', retryable: true });
const refused = new ServiceError('refused', { service: 'oss', code: 'AccessDenied' });

/** A clock on which every wait is over at once, and the waits it was asked for. */
function quickClock() {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      waits.push(ms);
      queueMicrotask(run);
      return { cancel: () => {} };
    },
  };
  return { clock, waits };
}

it('sends again after failures that may pass, each time after a longer pause, and throws the last error', async () => {
  const { clock, waits } = quickClock();
  const seen: number[] = [];
  const send = async (before: number) => {
    seen.push(before);
    throw busy;
  };
  await expect(retrying(send, { clock, firstPauseMs: 100 })).rejects.toBe(busy);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(50 * 2 ** index);
    expect(wait).toBeLessThanOrEqual(100 * 2 ** index);
  }
});

it('does not send again after a final refusal, nor after an error that is not a service’s', async () => {
  for (const error of [refused, new Error('a bug')]) {
    let sent = 0;
    const send = () => {
      sent++;
      return Promise.reject(error);
    };
    await expect(retrying(send, quickClock())).rejects.toBe(error);
    expect(sent).toBe(1);
  }
});

it('ends in the middle of a pause when its signal fires, and leaves no listener', async () => {
  const stop = new AbortController();
  let cancelled = 0;
  const clock: Clock = {
    now: () => 0,
    after: () => {
      setImmediate(() => stop.abort());
      return { cancel: () => void cancelled++ };
    },
  };
  let sent = 0;
  const send = () => {
    sent++;
    return Promise.reject(busy);
  };
  await expect(retrying(send, { clock, signal: stop.signal })).rejects.toBe(busy);
  expect([sent, cancelled]).toEqual([1, 1]);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});
