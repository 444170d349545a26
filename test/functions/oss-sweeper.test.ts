import { type TestCloud, timerEvent } from 'fc-local/testing';
import { expect, it, vi } from 'vitest';
import { handler } from '#functions/oss-sweeper';
import { calledDirectly, localCloud } from '#test/local-cloud';

const TICK = timerEvent({ triggerName: 'daily' });

/**
 * Returns a bucket with an unfinished upload, a claim check and an order, and a function that lists what is
 * left of them.
 */
async function littered(cloud: TestCloud) {
  const bucket = cloud.bucket();
  await bucket.beginUpload('uploads/left.bin');
  await bucket.put('claims/1', 'claimed');
  await bucket.put('orders/1.json', '{}');
  return () => ({ uploads: bucket.uploads().length, objects: bucket.keys() });
}

it('keeps what is younger than the ages in s.yaml', async () => {
  const { cloud, context } = await calledDirectly('oss-sweeper');
  const left = await littered(cloud);
  await handler(TICK, context);
  expect(left()).toEqual({ uploads: 1, objects: ['claims/1', 'orders/1.json'] });
});

it('removes uploads and claim checks that are old, and nothing else', async () => {
  const { cloud, context } = await calledDirectly('oss-sweeper');
  vi.stubEnv('UPLOAD_HOURS', '0');
  vi.stubEnv('CLAIM_HOURS', '0');
  const left = await littered(cloud);
  const done = { removed: 1, failed: 0, finished: true };
  expect(await handler(TICK, context)).toEqual({ uploads: done, claims: done });
  expect(left()).toEqual({ uploads: 0, objects: ['orders/1.json'] });
});

it('does the same as a bundle', async () => {
  const cloud = await localCloud();
  const left = await littered(cloud);
  const sweeper = cloud.function('oss-sweeper');
  await sweeper.redeploy({ environmentVariables: { UPLOAD_HOURS: '0', CLAIM_HOURS: '0' } });
  expect((await sweeper.fireTimer()).errorType).toBeUndefined();
  expect(left()).toEqual({ uploads: 0, objects: ['orders/1.json'] });
});

it.each(['a day', '-1', '1.5'])('reports an age of %j as invalid', async (value) => {
  const { context } = await calledDirectly('oss-sweeper');
  vi.stubEnv('UPLOAD_HOURS', value);
  await expect(handler(TICK, context)).rejects.toMatchObject({ code: 'InvalidEnvironment' });
});
