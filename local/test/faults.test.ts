import { assumeRole, getCallerIdentity } from 'fc-kit/openapi';
import { OssClient } from 'fc-kit/oss';
import { SmqClient } from 'fc-kit/smq';
import { expect, it, onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { type ChooseFault, FAULTS, type Fault, type FaultTarget, randomFaults } from '#src/faults';
import { startLocalCloud } from '#src/main';
import { until } from '#src/testing/until';

/**
 * Starts an account with a queue and a bucket; its requests meet the faults in `next`, in order.
 */
async function faultyCloud() {
  const clock = new DrivenClock();
  const next: (Fault | undefined)[] = [];
  const seen: FaultTarget[] = [];
  const faults: ChooseFault = (target) => {
    seen.push(target);
    return next.shift();
  };
  const cloud = await startLocalCloud({}, { clock, faults });
  onTestFinished(() => cloud.close());
  const { accountId, region, accessKey: credentials, environment: env } = cloud;
  await cloud.smq.service.createQueue('orders', { visibilityTimeout: 60 });
  await cloud.oss.service.apply({ buckets: [{ name: 'photos', acl: 'private' }] });
  const smq = new SmqClient({ accountId, region, credentials, env });
  return {
    cloud,
    clock,
    next,
    seen,
    queue: smq.queue('orders'),
    bucket: new OssClient({ bucket: 'photos', region, credentials, env }),
    sts: { region, credentials, env },
    stored: () => cloud.smq.service.inspect('orders').length,
  };
}

it('answers a late request in full once the time has come', async () => {
  const { clock, next, queue, stored } = await faultyCloud();
  next.push('latency');
  const sending = queue.send('hello');
  await until(() => clock.pending > 0);
  expect(stored()).toBe(0);
  await clock.advance(200);
  await expect(sending).resolves.toMatchObject({ messageId: expect.any(String) });
  expect(stored()).toBe(1);
});

it.each([
  ['error', { code: 'InternalError', status: 500, retryable: true }],
  ['throttled', { code: 'QpsLimitExceeded', status: 400, retryable: true }],
  ['html', { code: 'UnexpectedAnswer', status: 502, retryable: true }],
  ['reset-before', { code: 'ConnectionFailed', retryable: true }],
] as const)('SMQ does nothing when it meets %s', async (fault, error) => {
  const { next, queue, stored } = await faultyCloud();
  next.push(fault);
  await expect(queue.send('hello')).rejects.toMatchObject(error);
  expect(stored()).toBe(0);
  await queue.send('again');
  expect(stored()).toBe(1);
});

it('breaks the connection after SMQ has stored the message', async () => {
  const { next, queue, stored } = await faultyCloud();
  next.push('reset-after');
  await expect(queue.send('hello')).rejects.toMatchObject({ code: 'ConnectionFailed' });
  expect(stored()).toBe(1);
});

it.each([
  ['single', true],
  ['batch', false],
])('delivers messages again after a %s delete was acknowledged', async (_, single) => {
  const { next, queue } = await faultyCloud();
  await queue.sendBatch([{ body: 'a' }, { body: 'b' }]);
  const messages = await queue.receiveBatch({ max: single ? 1 : 2, waitSeconds: 0 });
  const handles = messages.map(({ receiptHandle }) => receiptHandle);
  next.push('duplicate');
  if (single) await queue.delete(handles[0] ?? '');
  else
    expect(await queue.deleteBatch(handles)).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
  const again = await queue.receiveBatch({ waitSeconds: 0 });
  const ids = again.filter(({ dequeueCount }) => dequeueCount === 2).map((one) => one.messageId);
  expect(ids.toSorted()).toEqual(messages.map(({ messageId }) => messageId).toSorted());
});

it('ends the leases it has just given, so that their handles delete nothing', async () => {
  const { next, queue, stored } = await faultyCloud();
  await queue.send('hello');
  next.push('lost-lease');
  const [first] = await queue.receiveBatch({ waitSeconds: 0 });
  const [second] = await queue.receiveBatch({ waitSeconds: 0 });
  expect(second).toMatchObject({ messageId: first?.messageId, dequeueCount: 2 });
  await expect(queue.delete(first?.receiptHandle ?? '')).rejects.toMatchObject({
    code: 'MessageNotExist',
  });
  expect(stored()).toBe(1);
});

it.each([
  ['error', { code: 'InternalError', status: 500 }],
  ['throttled', { code: 'TotalQpsLimitExceeded', status: 503 }],
  ['html', { code: 'UnexpectedAnswer', status: 502 }],
] as const)('OSS does nothing when it meets %s, HEAD included', async (fault, error) => {
  const { next, bucket } = await faultyCloud();
  next.push(fault);
  await expect(bucket.putObject('a', 'text')).rejects.toMatchObject(error);
  next.push(fault);
  await expect(bucket.headObject('a')).rejects.toMatchObject({ status: error.status });
  await expect(bucket.headObject('a')).rejects.toMatchObject({ code: 'NoSuchKey' });
});

it('breaks the connection before or after OSS has stored the object', async () => {
  const { next, bucket } = await faultyCloud();
  const options = { forbidOverwrite: true };
  next.push('reset-before', 'reset-before'); // the client tries twice
  await expect(bucket.putObject('a', 'text', options)).rejects.toMatchObject({
    code: 'ConnectionFailed',
  });
  await expect(bucket.headObject('a')).rejects.toMatchObject({ code: 'NoSuchKey' });
  next.push('reset-after');
  await expect(bucket.putObject('a', 'text', options)).rejects.toMatchObject({
    code: 'FileAlreadyExists', // the second attempt meets the object of the first
  });
});

it.each([
  ['error', { code: 'ServiceUnavailable', status: 503, retryable: true }],
  ['throttled', { code: 'Throttling.User', status: 400, retryable: true }],
  ['html', { service: 'sts', code: 'UnexpectedAnswer', retryable: true }],
  ['reset-before', { service: 'sts', code: 'ConnectionFailed', retryable: true }],
] as const)('STS fails with %s in its own terms', async (fault, error) => {
  const { next, sts } = await faultyCloud();
  next.push(fault);
  await expect(getCallerIdentity(sts)).rejects.toMatchObject(error);
});

it('a client gives up a slow STS in time', async () => {
  const { cloud, next, sts } = await faultyCloud();
  next.push('latency');
  const role = { roleArn: `acs:ram::${cloud.accountId}:role/any`, timeoutMs: 50 };
  await expect(assumeRole({ ...sts, ...role })).rejects.toMatchObject({
    code: 'RequestTimeout',
    message: expect.stringMatching(/failed, no answer within 50 ms: check the endpoint/),
    retryable: true,
  });
});

it('passes the service and the request to the chooser', async () => {
  const { seen, queue, bucket } = await faultyCloud();
  await queue.receiveBatch({ waitSeconds: 0 });
  await bucket.deleteObject('a/b');
  expect(seen).toEqual([
    {
      service: 'smq',
      method: 'GET',
      path: '/queues/orders/messages',
      query: 'numOfMessages=16&waitseconds=0',
    },
    expect.objectContaining({ service: 'oss', method: 'DELETE', path: '/photos/a/b' }),
  ]);
});

const DELETE: FaultTarget = {
  service: 'smq',
  method: 'DELETE',
  path: '/queues/orders/messages',
  query: '',
};

it('chooses by chance at the given rate, the same for the same seed', () => {
  const faults = ['html'] as const;
  const draw = (seed: number) => {
    const choose = randomFaults({ rate: 0.1, faults, seed });
    return Array.from({ length: 10_000 }, () => choose(DELETE));
  };
  const hits = draw(7).filter((fault) => fault === 'html').length;
  expect(hits).toBeGreaterThan(900);
  expect(hits).toBeLessThan(1100);
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it.each<[Fault, Partial<FaultTarget>, boolean]>([
  ['duplicate', {}, true],
  ['duplicate', { method: 'GET' }, false],
  ['duplicate', { service: 'oss' }, false],
  ['lost-lease', { method: 'GET' }, true],
  ['lost-lease', { method: 'GET', query: 'peekonly=true' }, false],
  ['lost-lease', { method: 'GET', path: '/queues/orders' }, false],
  ['latency', { service: 'openapi' }, true],
])('randomFaults chooses %s for %o: %s', (fault, target, befalls) => {
  const choose = randomFaults({ rate: 1, faults: [fault] });
  expect(choose({ ...DELETE, ...target })).toBe(befalls ? fault : undefined);
});

it('takes a rate as an option of the cloud, and none leaves every request alone', async () => {
  const outcomes = async (rate: number) => {
    const cloud = await startLocalCloud({ faults: { rate, faults: ['error'] } });
    onTestFinished(() => cloud.close());
    const { url } = cloud.smq;
    return (await fetch(url)).status;
  };
  expect(await outcomes(1)).toBe(500);
  expect(await outcomes(0)).toBe(400); // no Authorization header
  expect(FAULTS).toHaveLength(8);
});
