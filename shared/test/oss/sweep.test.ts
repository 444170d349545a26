import { expect, it } from 'vitest';
import { type SweepOptions, sweepObjects, sweepUploads } from '#src/oss/sweep';
import { localOss } from './local-oss.ts';

const HOUR = 60 * 60_000;
const options = (more: Partial<SweepOptions> = {}): SweepOptions => ({
  prefix: '',
  minAgeMs: 24 * HOUR,
  deadline: { remaining: () => 60_000 },
  now: Date.now() + 25 * HOUR,
  ...more,
});

it('aborts old uploads of any key, page after page, and keeps the recent ones', async () => {
  const { client } = await localOss();
  const sdk = await client.sdk();
  const keys = ['a', '大 100%+.bin', 'b & <c>'];
  for (const key of keys) await sdk.initMultipartUpload(key);
  const young = await sweepUploads(client, options({ now: Date.now() }));
  expect(young).toEqual({ removed: 0, failed: 0, finished: true });
  expect(await sweepUploads(client, options())).toEqual({ removed: 3, failed: 0, finished: true });
  expect((await sdk.listUploads({ 'max-uploads': 10 })).uploads).toEqual([]);
});

it('deletes old objects under the prefix only', async () => {
  const { client } = await localOss();
  for (const key of ['claims/1', 'claims/2', 'orders/1']) await client.putObject(key, 'x');
  const report = await sweepObjects(client, options({ prefix: 'claims/' }));
  expect(report).toEqual({ removed: 2, failed: 0, finished: true });
  expect((await client.listObjects()).objects.map(({ key }) => key)).toEqual(['orders/1']);
});

it('starts nothing near the deadline, and reports that it has not finished', async () => {
  const { client } = await localOss();
  for (let index = 0; index < 20; index++) await client.putObject(`claims/${index}`, 'x');
  let left = 16;
  const deadline = { remaining: () => (left-- > 0 ? 60_000 : 9000) };
  const report = await sweepObjects(client, options({ prefix: 'claims/', deadline }));
  expect(report.finished).toBe(false);
  expect(report.removed).toBeGreaterThan(0);
  expect((await client.listObjects()).objects).toHaveLength(20 - report.removed);
});

it('continues after a failure, counts it and returns the first', async () => {
  const { client } = await localOss();
  await client.putObject('claims/1', 'x');
  const remove = client.deleteObject.bind(client);
  let refused = true;
  client.deleteObject = async (key) => {
    if (refused) throw new Error('refused');
    return remove(key);
  };
  const report = await sweepObjects(client, options({ prefix: 'claims/' }));
  expect(report).toMatchObject({ removed: 0, failed: 1, error: new Error('refused') });
  refused = false;
  expect(await sweepObjects(client, options({ prefix: 'claims/' }))).toMatchObject({ removed: 1 });
});

it('reports a list that fails as its failure, so that the next sweep is made all the same', async () => {
  const { client } = await localOss();
  const listObjects = client.listObjects.bind(client);
  for (const key of ['claims/1', 'claims/2']) await client.putObject(key, 'x');
  client.listObjects = async (asked) => {
    if (asked?.token) throw new Error('no second page');
    return { ...(await listObjects({ ...asked, max: 1 })), nextToken: 'more' };
  };
  const report = await sweepObjects(client, options({ prefix: 'claims/' }));
  const error = new Error('no second page');
  expect(report).toEqual({ removed: 1, failed: 1, finished: false, error });
});
