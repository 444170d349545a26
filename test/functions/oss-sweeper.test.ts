import { expect, it, vi } from 'vitest';
import { handler } from '#functions/oss-sweeper';
import { OssClient } from '#shared/oss';
import { calledDirectly, localCloud } from '#test/local-cloud';
import { storedObjects } from '#test/orders';
import type { LocalCloud } from '../../local/src/main.ts';

const TICK = Buffer.from(
  JSON.stringify({ triggerTime: '2026-01-02T03:30:00Z', triggerName: 'daily', payload: '' }),
);

/** A bucket with an upload that was left, a claim check and an order. */
async function littered(cloud: LocalCloud) {
  const client = new OssClient({
    bucket: cloud.project?.buckets[0]?.name ?? '',
    region: cloud.region,
    credentials: cloud.accessKey,
    env: cloud.environment,
  });
  const sdk = await client.sdk();
  await sdk.initMultipartUpload('uploads/left.bin');
  await client.putObject('claims/1', 'claimed');
  await client.putObject('orders/1.json', '{}');
  return async () => ({
    uploads: (await sdk.listUploads({ 'max-uploads': 10 })).uploads.length,
    objects: Object.keys(await storedObjects(cloud, '')),
  });
}

it('leaves alone what is younger than s.yaml says', async () => {
  const { cloud, context } = await calledDirectly('oss-sweeper');
  const left = await littered(cloud);
  await handler(TICK, context);
  expect(await left()).toEqual({ uploads: 1, objects: ['claims/1', 'orders/1.json'] });
});

it('removes uploads and claim checks that are old, and nothing else', async () => {
  const { cloud, context } = await calledDirectly('oss-sweeper');
  vi.stubEnv('UPLOAD_HOURS', '0');
  vi.stubEnv('CLAIM_HOURS', '0');
  const left = await littered(cloud);
  const done = { removed: 1, failed: 0, finished: true };
  expect(await handler(TICK, context)).toEqual({ uploads: done, claims: done });
  expect(await left()).toEqual({ uploads: 0, objects: ['orders/1.json'] });
});

it('does the same as a bundle', async () => {
  const cloud = await localCloud();
  const left = await littered(cloud);
  const fn = cloud.project?.functions.find(({ resource }) => resource === 'oss-sweeper');
  if (!fn) throw new Error('s.yaml has no oss-sweeper');
  const environmentVariables = { ...fn.environmentVariables, UPLOAD_HOURS: '0', CLAIM_HOURS: '0' };
  await cloud.fc?.deploy({ ...fn, environmentVariables });
  expect((await cloud.fc?.fireTimer('oss-sweeper'))?.errorType).toBeUndefined();
  expect(await left()).toEqual({ uploads: 0, objects: ['orders/1.json'] });
});

it.each(['a day', '-1', '1.5'])('says that an age of %j is none', async (value) => {
  const { context } = await calledDirectly('oss-sweeper');
  vi.stubEnv('UPLOAD_HOURS', value);
  await expect(handler(TICK, context)).rejects.toMatchObject({ code: 'InvalidEnvironment' });
});
