import { expect, it, onTestFinished, vi } from 'vitest';
import { drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { ServiceError } from '#src/errors/errors';
import { COUNTS, queueOf } from './queue-of.ts';

const outage = new ServiceError('no', { service: 'oss', code: 'x', status: 503, retryable: true });

it.each([
  ['an outage', outage, undefined, 15],
  ['an outage, with two failures of its own', outage, 2, 6],
  ['an error of its own', new Error('no'), undefined, 5],
] as const)(
  'by default a message is poison after so many tries: %s',
  async (_, error, maxOwnFailures, tries) => {
    const { queue, options, clock, left, bucket } = await queueOf(['{"n":1}']);
    const once = () =>
      drain(queue, {
        ...options(),
        quarantine: ossQuarantine(bucket),
        handle: () => Promise.reject(error),
        ...(maxOwnFailures !== undefined && { maxOwnFailures }),
      });
    // Requests are dated by it: the queue refuses those that differ by a quarter of an hour.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    for (let attempt = 1; attempt < tries; attempt++) {
      vi.setSystemTime(clock.now());
      expect(await once()).toEqual({ ...COUNTS, received: 1, failed: 1 });
      await clock.advance((left()[0]?.visibleAt ?? 0) - clock.now());
    }
    vi.setSystemTime(clock.now());
    expect(await once()).toEqual({ ...COUNTS, received: 1, dead: 1 });
    expect(left()).toEqual([]);
  },
);
