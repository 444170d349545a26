import { ossEvent, until } from 'fc-local/testing';
import { expect, it, vi } from 'vitest';
import { handler } from '#functions/oss-event-handler';
import { calledDirectly, localCloud } from '#test/local-cloud';

it('writes a record of each object in the event, whether its key is encoded or not', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const bucket = cloud.bucket();
  const { eTag, crc64 } = await bucket.put('uploads/大 100%.txt', 'text', {
    contentType: 'text/plain',
  });
  await bucket.put('uploads/b.txt', 'text');
  const encoded = { key: encodeURIComponent('uploads/大 100%.txt'), eTag };
  const plain = { key: 'uploads/b.txt', eTag };
  const event = ossEvent(bucket.name, [encoded, plain]);
  expect(await handler(event, context)).toEqual({ events: 2 });
  const records = await cloud.bucket().objects('processed/');
  expect(Object.keys(records)).toEqual(['processed/b.txt.json', 'processed/大 100%.txt.json']);
  expect(JSON.parse(records['processed/大 100%.txt.json'] ?? '')).toEqual({
    key: 'uploads/大 100%.txt',
    size: 4,
    eTag,
    contentType: 'text/plain',
    crc64,
  });
  await handler(event, context);
  expect(await cloud.bucket().objects('processed/')).toEqual(records);
});

it('handles the other events when one fails, and then fails', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const bucket = cloud.bucket();
  const key = 'uploads/b.txt';
  await bucket.put(key, 'text');
  const events = ['no_bucket', bucket.name].flatMap(
    (name) => JSON.parse(String(ossEvent(name, [{ key }]))).events,
  );
  const event = Buffer.from(JSON.stringify({ events }));
  await expect(handler(event, context)).rejects.toMatchObject({ code: 'InvalidBucketName' });
  expect(Object.keys(await bucket.objects('processed/'))).toEqual(['processed/b.txt.json']);
});

it.each([1008, 1009, 1015, 1023])(
  'writes a record of an object whose key has %i bytes',
  async (size) => {
    const { cloud, context } = await calledDirectly('oss-event-handler');
    const bucket = cloud.bucket();
    vi.stubEnv('OUTPUT_PREFIX', 'processed/');
    const key = 'uploads/'.padEnd(size, 'x');
    await bucket.put(key, 'text');
    const event = ossEvent(bucket.name, [{ key }]);
    await handler(event, context);
    await handler(event, context); // the same record, again
    const [[record = '', stored] = [], ...others] = Object.entries(
      await bucket.objects('processed/'),
    );
    expect(others).toEqual([]);
    expect(Buffer.byteLength(record)).toBeLessThanOrEqual(1023);
    expect(record).toMatch(/^processed\/x+(~[0-9a-f]{32})?\.json$/);
    expect(stored).toContain(key);
  },
);

it('logs the failure of each event', async () => {
  const texts: string[] = [];
  const cloud = await localCloud({ onLog: ({ text }) => texts.push(text) });
  const key = 'uploads/a';
  const events = ['first_', 'second_'].flatMap(
    (bucket) => JSON.parse(String(ossEvent(bucket, [{ key }]))).events,
  );
  const recorder = cloud.function('oss-event-handler');
  await recorder.invoke(Buffer.from(JSON.stringify({ events })));
  const errors = texts.filter((text) => text.includes('"level":"error"')).join('\n');
  expect(errors).toContain('Bucket name is \\"first_\\"');
  expect(errors).toContain('Bucket name is \\"second_\\"');
});

it('skips an object that is gone, or outside its prefix', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  const bucket = cloud.bucket();
  const gone = 'uploads/gone%';
  const event = ossEvent(bucket.name, [{ key: gone }, { key: 'processed/x.json' }]);
  expect(await handler(event, context)).toEqual({ events: 2 });
  expect(await cloud.bucket().objects('')).toEqual({});
});

it('refuses to run with an output prefix that would start it again', async () => {
  const { cloud, context } = await calledDirectly('oss-event-handler');
  vi.stubEnv('OUTPUT_PREFIX', 'uploads/processed/');
  await expect(
    handler(ossEvent(cloud.bucket().name, [{ key: 'uploads/a' }]), context),
  ).rejects.toMatchObject({ name: 'ConfigurationError', code: 'OutputLoops' });
});

it('has the prefix of its trigger in s.yaml in its variable, too', async () => {
  const { fn } = await calledDirectly('oss-event-handler');
  expect(fn.spec.triggers).toMatchObject([
    { type: 'oss', prefix: fn.env.INPUT_PREFIX, suffix: '' },
  ]);
});

it('does the same as a bundle, started by the upload itself', async () => {
  const cloud = await localCloud();
  const bucket = cloud.bucket();
  const key = 'uploads/a/b.txt';
  await bucket.put(key, 'text');
  const recorder = cloud.function('oss-event-handler');
  await until(() => recorder.invocations().length > 0);
  const record = await bucket.object('processed/a/b.txt.json');
  expect(JSON.parse(String(record.body))).toMatchObject({ key, size: 4 });
});
