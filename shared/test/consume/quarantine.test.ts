import { until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { type DrainOptions, drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { ServiceError } from '#src/errors/errors';
import { COUNTS, queueOf } from './queue-of.ts';

it('gives a failed message back, each time for longer, until it is poison', async () => {
  const { queue, left, options, clock, bucket, objects } = await queueOf(['{"n":1}']);
  const drainOnce = (extra: Partial<DrainOptions<{ n: number }>>) =>
    drain(queue, {
      ...options(),
      handle: () => Promise.reject(new Error('no')),
      maxOwnFailures: 4,
      ...extra,
    });
  const waits: number[] = [];
  const quarantine = ossQuarantine(bucket);
  for (let receive = 1; receive <= 3; receive++) {
    expect(await drainOnce({ quarantine })).toEqual({ ...COUNTS, received: 1, failed: 1 });
    const wait = (left()[0]?.visibleAt ?? 0) - clock.now();
    waits.push(wait / 1000);
    expect(await drainOnce({ quarantine })).toEqual(COUNTS);
    await clock.advance(wait);
  }
  expect(waits).toEqual([5, 10, 20]);
  expect(await drainOnce({ quarantine })).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(left()).toEqual([]);
  expect(await objects('quarantine/q/')).toHaveLength(1);
});

it('keeps poison with the error, the issues, the ids and the raw body, then deletes it', async () => {
  const { queue, left, options, bucket, objects, clock } = await queueOf(['{"n":"one"}']);
  const [message] = left();
  const report = await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(left()).toEqual([]);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const key = `quarantine/q/${day}/${message?.id}.json`;
  expect(await objects('quarantine/')).toEqual([key]);
  const { body } = await bucket.getObject(key);
  expect(JSON.parse(body.toString())).toEqual({
    messageId: message?.id,
    source: { kind: 'queue', name: 'q' },
    body: '{"n":"one"}',
    userProperties: {},
    error: {
      name: 'InvalidInputError',
      code: 'InvalidValue',
      message: expect.stringMatching(/^Message body is not valid \(n: /),
    },
    issues: [{ path: 'n', message: expect.any(String) }],
    dequeueCount: 1,
    enqueueTime: message?.enqueueTime,
    receivedAt: clock.now(),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it.each([
  ['an outage', { status: 503, code: 'x', retryable: true }],
  ['a missing permission', { status: 403, code: 'AccessDenied' }],
  ['a missing bucket', { status: 404, code: 'NoSuchBucket' }],
])('does not call a message poison for what would have befallen any other: %s', async (_, said) => {
  const { queue, options, clock, left, bucket } = await queueOf(['{"n":1}']);
  const error = new ServiceError('no', { service: 'oss', ...said });
  const extra = { quarantine: ossQuarantine(bucket), handle: () => Promise.reject(error) };
  for (let receive = 1; receive <= 5; receive++) {
    const limits = { maxOwnFailures: 2, maxTries: 6 };
    const report = await drain(queue, { ...options(), ...extra, ...limits });
    expect(report).toMatchObject({ received: 1, failed: 1 });
    await clock.advance((left()[0]?.visibleAt ?? 0) - clock.now());
  }
  const report = await drain(queue, { ...options(), ...extra, maxTries: 6 });
  expect(report).toMatchObject({ received: 1, dead: 1 });
});

it('sets aside, without running it once more, what no try of came to an end', async () => {
  const { queue, options, clock, bucket, lines } = await queueOf(['{"n":1}']);
  let runs = 0;
  const drainOnce = () =>
    drain(queue, {
      ...options(20),
      quarantine: ossQuarantine(bucket),
      maxTries: 2,
      handle: () => {
        runs++;
        return new Promise(() => {}); // as one that crashes: it has no verdict
      },
    });
  for (let receive = 1; receive <= 2; receive++) {
    const done = drainOnce();
    await until(() => runs === receive);
    await clock.advance(20_000);
    expect(await done).toEqual({ ...COUNTS, received: 1, failed: 1 });
    await clock.advance(60_000);
  }
  expect(await drainOnce()).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(runs).toBe(2);
  expect(lines).toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ code: 'TooManyReceives' }) }),
  );
});

it('leaves poison in the queue when quarantine cannot take it, and when there is none', async () => {
  const { queue, options, left, lines, clock } = await queueOf(['nonsense']);
  const quarantine = { put: () => Promise.reject(new Error('full')) };
  expect(await drain(queue, { ...options(), quarantine })).toMatchObject({ failed: 1, dead: 0 });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'Quarantine failed' }));
  await clock.advance(5000);
  expect(await drain(queue, options())).toMatchObject({ failed: 1, dead: 0 });
  expect(left()).toMatchObject([{ body: 'nonsense', state: 'inactive' }]);
});

it('keeps the payload that a claim check names, which would be gone in time', async () => {
  const { queue, options, bucket, objects } = await queueOf([]);
  const { body } = await checkIn(bucket, '{"n":"one"}');
  await queue.send(body);
  const quarantine = ossQuarantine(bucket);
  expect(await drain(queue, { ...options(), claims: bucket, quarantine })).toMatchObject({
    dead: 1,
  });
  const [key = ''] = await objects('quarantine/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry).toMatchObject({ body, payload: '{"n":"one"}' });
});
