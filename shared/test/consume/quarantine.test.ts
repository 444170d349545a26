import { until } from 'fc-local/testing';
import { expect, it, vi } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { type DrainOptions, drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { ConfigurationError, CredentialsError, ServiceError } from '#src/errors/errors';
import { COUNTS, queueOf } from './queue-of.ts';

const fromOss = (said: { status: number; code: string; retryable?: boolean }) =>
  new ServiceError('no', { service: 'oss', ...said });

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
  const { queue, left, options, bucket, objects, clock, lines } = await queueOf(['{"n":"one"}']);
  const [message] = left();
  const report = await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(left()).toEqual([]);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const key = `quarantine/q/${day}/${message?.id}.json`;
  expect(await objects('quarantine/')).toEqual([key]);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'Quarantined message', attempt: 1, quarantine: key }),
  );
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
  ['an outage', fromOss({ status: 503, code: 'x', retryable: true })],
  ['a missing permission', fromOss({ status: 403, code: 'AccessDenied' })],
  ['a missing bucket', fromOss({ status: 404, code: 'NoSuchBucket' })],
  ['a missing setting', new ConfigurationError('no', { code: 'x' })],
  ['a missing credential', new CredentialsError('no', { code: 'x' })],
])(
  'does not treat a message as poison for a failure that would have hit any other: %s',
  async (_, error) => {
    const { queue, options, clock, left, bucket } = await queueOf(['{"n":1}']);
    const extra = { quarantine: ossQuarantine(bucket), handle: () => Promise.reject(error) };
    for (let receive = 1; receive <= 5; receive++) {
      const limits = { maxOwnFailures: 2, maxTries: 6 };
      const report = await drain(queue, { ...options(), ...extra, ...limits });
      expect(report).toMatchObject({ received: 1, failed: 1 });
      await clock.advance((left()[0]?.visibleAt ?? 0) - clock.now());
    }
    const report = await drain(queue, { ...options(), ...extra, maxTries: 6 });
    expect(report).toMatchObject({ received: 1, dead: 1 });
  },
);

it('sets aside, without another run, a message no try of which came to an end', async () => {
  const { queue, options, clock, bucket, lines } = await queueOf(['{"n":1}']);
  let runs = 0;
  const drainOnce = () =>
    drain(queue, {
      ...options(20),
      quarantine: ossQuarantine(bucket),
      maxTries: 2,
      handle: () => {
        runs++;
        return new Promise(() => {}); // like one that crashes: it has no verdict
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

it('leaves poison in the queue when quarantine cannot store it, and when there is no quarantine', async () => {
  const { queue, options, left, lines, clock } = await queueOf(['nonsense']);
  const quarantine = { put: () => Promise.reject(new Error('full')) };
  expect(await drain(queue, { ...options(), quarantine })).toMatchObject({ failed: 1, dead: 0 });
  expect(lines).toContainEqual(expect.objectContaining({ message: 'Quarantine failed' }));
  await clock.advance(5000);
  lines.length = 0;
  expect(await drain(queue, options())).toMatchObject({ failed: 1, dead: 0 });
  expect(lines.map(({ message }) => message)).toEqual(['Message failed', 'Drained queue']);
  expect(left()).toMatchObject([{ body: 'nonsense', state: 'inactive' }]);
});

it('keeps the payload that a claim check names, whose object will be deleted', async () => {
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

it('sets aside, before reading its body, a message whose body ends the process', async () => {
  const { queue, options, clock, bucket, left } = await queueOf([]);
  const { body, claim } = await checkIn(bucket, '{"n":1}');
  await queue.send(body);
  const readBody = vi.spyOn(bucket, 'getObject');
  for (let receive = 1; receive <= 3; receive++) {
    await queue.receive(); // and then the process ends
    await clock.advance(60_000);
  }
  readBody.mockClear();
  const quarantine = ossQuarantine(bucket);
  const report = await drain(queue, { ...options(), claims: bucket, quarantine, maxTries: 3 });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
  expect(readBody).not.toHaveBeenCalled();
  expect(left()).toEqual([]);
  expect((await bucket.headObject(claim.key)).size).toBe(7);
});

it('sets aside, without reading it, a claim check of an object that is larger than it says', async () => {
  const { queue, options, bucket, objects } = await queueOf([]);
  const { body, claim } = await checkIn(bucket, '{"n":1}');
  await bucket.putObject(claim.key, Buffer.alloc(8 * 1024 * 1024));
  await queue.send(body);
  const quarantine = ossQuarantine(bucket);
  const report = await drain(queue, { ...options(), claims: bucket, quarantine });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
  const [key = ''] = await objects('quarantine/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry).toMatchObject({ body, error: { code: 'InvalidClaim' } });
});

it('says how to decode a body that looks like base64', async () => {
  const encoded = Buffer.from('{"n":1}').toString('base64');
  const { queue, options, bucket, objects } = await queueOf([encoded, 'bm90IEpTT04=']);
  const quarantine = ossQuarantine(bucket);
  expect(await drain(queue, { ...options(), quarantine })).toMatchObject({ dead: 2 });
  const keys = await objects('quarantine/');
  const bodies = await Promise.all(keys.map(async (key) => (await bucket.getObject(key)).body));
  const entries = bodies.map((body) => JSON.parse(String(body)));
  expect(entries.find(({ body }) => body === encoded).error).toEqual({
    name: 'InvalidInputError',
    code: 'InvalidJson',
    message: expect.stringMatching(/looks like base64.*encoding: 'base64'/),
  });
  expect(entries.find(({ body }) => body !== encoded).error.message).toBe(
    'Message body is not JSON',
  );
});

it.each(['base64', 'auto'] as const)(
  'handles bodies in base64 with encoding %s',
  async (encoding) => {
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const { queue, options, bucket } = await queueOf([encode('{"n":1}'), encode('\ufeff{"n":2}')]);
    await queue.send(encode((await checkIn(bucket, '{"n":3}')).body));
    if (encoding === 'auto') await queue.send('\ufeff{"n":4}');
    const seen: number[] = [];
    await drain(queue, {
      ...options(),
      claims: bucket,
      encoding,
      handle: async ({ n }) => void seen.push(n),
    });
    expect(seen.toSorted()).toEqual(encoding === 'auto' ? [1, 2, 3, 4] : [1, 2, 3]);
  },
);

it('sets aside a body that is not base64 although encoding says so', async () => {
  const { queue, options, bucket } = await queueOf(['{"n":1}']);
  const extra = { quarantine: ossQuarantine(bucket), encoding: 'base64' } as const;
  expect(await drain(queue, { ...options(), ...extra })).toMatchObject({ dead: 1 });
});

it('keeps a message under a key that OSS accepts, however long its id is', async () => {
  const { bucket, objects, clock } = await queueOf([]);
  for (const messageId of ['包'.repeat(2000), '\ud800', '../x'])
    await ossQuarantine(bucket).put({
      messageId,
      source: { kind: 'queue', name: 'q' },
      body: '',
      userProperties: {},
      error: { name: 'Error', message: '' },
      issues: [],
      dequeueCount: 1,
      receivedAt: clock.now(),
    });
  expect(await objects('quarantine/q/')).toHaveLength(3);
});

it('names an object by the message id of up to 80 characters, and by its SHA-256 beyond', async () => {
  const { bucket, clock } = await queueOf([]);
  const keyOf = (messageId: string) =>
    ossQuarantine(bucket).put({
      messageId,
      source: { kind: 'queue', name: 'q' },
      body: '',
      userProperties: {},
      error: { name: 'Error', message: '' },
      issues: [],
      dequeueCount: 1,
      receivedAt: clock.now(),
    });
  expect(await keyOf('m'.repeat(80))).toMatch(/\/m{80}\.json$/);
  expect(await keyOf('m'.repeat(81))).toMatch(/\/[0-9a-f]{64}\.json$/);
});

it('calls a message poison for a refusal that only it can be the reason of', async () => {
  const { queue, options, bucket } = await queueOf(['{"n":1}']);
  const error = new ServiceError('no', { service: 'oss', status: 400, code: 'InvalidArgument' });
  const extra = { quarantine: ossQuarantine(bucket), handle: () => Promise.reject(error) };
  const report = await drain(queue, { ...options(), ...extra, maxOwnFailures: 1 });
  expect(report).toEqual({ ...COUNTS, received: 1, dead: 1 });
});
