import { expect, it, vi } from 'vitest';
import { handler } from '#functions/oss-event-handler';
import { OssClient } from '#shared/oss';
import { type CalledDirectly, calledDirectly, localCloud } from '#test/local-cloud';
import { storedObjects } from '#test/orders';
import { ossEvent } from '#test/oss-event';
import { until } from '#test/until';

function owner(cloud: CalledDirectly['cloud']) {
  const bucket = cloud.project?.buckets[0]?.name ?? '';
  const { region, accessKey: credentials, environment: env } = cloud;
  return { bucket, client: new OssClient({ bucket, region, credentials, env }) };
}

it('writes a record of each object in the event, whether its key is encoded or not', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const { bucket, client } = owner(cloud);
  const { eTag, crc64 } = await client.putObject('uploads/大 100%.txt', 'text');
  await client.putObject('uploads/b.txt', 'text');
  const encoded = { key: encodeURIComponent('uploads/大 100%.txt'), eTag };
  const event = ossEvent(bucket, encoded, { key: 'uploads/b.txt', eTag });
  expect(await handler(event, context)).toEqual({ events: 2 });
  const records = await storedObjects(cloud, 'processed/');
  expect(Object.keys(records)).toEqual(['processed/b.txt.json', 'processed/大 100%.txt.json']);
  expect(JSON.parse(records['processed/大 100%.txt.json'] ?? '')).toEqual({
    key: 'uploads/大 100%.txt',
    size: 4,
    eTag,
    contentType: 'text/plain',
    crc64,
  });
  await handler(event, context);
  expect(await storedObjects(cloud, 'processed/')).toEqual(records);
});

it('goes on with the other events when one fails, and fails then', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const { bucket, client } = owner(cloud);
  vi.stubEnv('OUTPUT_PREFIX', `processed/${'o'.repeat(100)}/`);
  const long = 'uploads/'.padEnd(1000, 'x');
  await client.putObject(long, 'its record has too long a key');
  await client.putObject('uploads/b.txt', 'text');
  const event = ossEvent(bucket, { key: long }, { key: 'uploads/b.txt' });
  await expect(handler(event, context)).rejects.toMatchObject({ code: 'InvalidObjectKey' });
  const [record, ...others] = Object.keys(await storedObjects(cloud, 'processed/'));
  expect(record).toMatch(/^processed\/o+\/b\.txt\.json$/);
  expect(others).toEqual([]);
});

it('logs what went wrong with each event', async () => {
  const texts: string[] = [];
  const cloud = await localCloud({}, { onLog: ({ text }) => texts.push(text) });
  const events = ['first_', 'second_'].flatMap(
    (bucket) => JSON.parse(String(ossEvent(bucket, { key: 'uploads/a' }))).events,
  );
  await cloud.fc?.invoke('oss-event-handler', Buffer.from(JSON.stringify({ events })));
  const errors = texts.filter((text) => text.includes('"level":"error"')).join('\n');
  expect(errors).toContain('Bucket name is \\"first_\\"');
  expect(errors).toContain('Bucket name is \\"second_\\"');
});

it('passes over an object that is gone, or not one of its own', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const { bucket } = owner(cloud);
  const event = ossEvent(bucket, { key: 'uploads/gone%' }, { key: 'processed/x.json' });
  expect(await handler(event, context)).toEqual({ events: 2 });
  expect(await storedObjects(cloud, '')).toEqual({});
});

it('refuses to run with an output prefix that would set it off again', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  vi.stubEnv('OUTPUT_PREFIX', 'uploads/processed/');
  await expect(
    handler(ossEvent(owner(cloud).bucket, { key: 'uploads/a' }), context),
  ).rejects.toMatchObject({ name: 'ConfigurationError', code: 'OutputLoops' });
});

it('listens, in s.yaml, where it says that it does', async () => {
  const { fn } = await calledDirectly('oss-event-handler');
  expect(fn.triggers).toMatchObject([
    { type: 'oss', prefix: fn.environmentVariables.INPUT_PREFIX, suffix: '' },
  ]);
});

it('does the same as a bundle, set off by the upload itself', async () => {
  const cloud = await localCloud();
  const handled: string[] = [];
  cloud.fc?.observe(({ functionName }) => handled.push(functionName));
  const { client } = owner(cloud);
  await client.putObject('uploads/a/b.txt', 'text');
  await until(() => handled.some((name) => name.endsWith('oss-event-handler')));
  const record = await client.getObject('processed/a/b.txt.json');
  expect(JSON.parse(String(record.body))).toMatchObject({ key: 'uploads/a/b.txt', size: 4 });
});
