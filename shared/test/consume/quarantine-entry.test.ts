import { expect, it } from 'vitest';
import { checkIn } from '#src/claims/claim-checks';
import { drain } from '#src/consume/drain';
import { ossQuarantine } from '#src/consume/quarantine';
import { InvalidInputError } from '#src/errors/errors';
import { COUNTS, queueOf } from './queue-of.ts';

it.each([
  [409, { failed: 1 }],
  [410, { dead: 1 }],
])('counts input refused with %i as %j: only a conflict may pass', async (status, counts) => {
  const { queue, options, bucket } = await queueOf(['{"n":1}']);
  const error = new InvalidInputError('no', { code: 'No', status });
  const report = await drain(queue, {
    ...options(),
    quarantine: ossQuarantine(bucket),
    handle: () => Promise.reject(error),
  });
  expect(report).toEqual({ ...COUNTS, received: 1, ...counts });
});

it('takes a claim check for a payload like any other where no bucket is given for claims', async () => {
  const { queue, options, bucket, objects } = await queueOf([]);
  await queue.send((await checkIn(bucket, '{"n":1}')).body);
  await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  const [key = ''] = await objects('quarantine/q/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry.error).toMatchObject({ code: 'InvalidValue' });
});

it('keeps an entry as JSON that people can read, one field to a line', async () => {
  const { queue, options, bucket, objects } = await queueOf(['no JSON']);
  await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  const [key = ''] = await objects('quarantine/q/');
  const { body, contentType } = await bucket.getObject(key);
  expect(contentType).toBe('application/json');
  expect(String(body)).toMatch(
    /^\{\n {2}"messageId": "[0-9A-F]{32}",\n {2}"source": \{\n {4}"kind"/,
  );
});

it('keeps an error that has no issues with none', async () => {
  const { queue, options, bucket, objects } = await queueOf(['{"n":1}']);
  await drain(queue, {
    ...options(),
    quarantine: ossQuarantine(bucket),
    maxOwnFailures: 1,
    handle: () => Promise.reject(new TypeError('no')),
  });
  const [key = ''] = await objects('quarantine/q/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry).toMatchObject({ error: { name: 'TypeError', message: 'no' }, issues: [] });
});

it('keeps the group of a quarantined message, its texts and numbers as they are, and bytes as base64', async () => {
  const { queue, options, bucket, objects } = await queueOf([]);
  const userProperties = { text: 'x', count: 3, isNew: true, bytes: Buffer.from([0, 255]) };
  await queue.send('no JSON', { messageGroupId: 'customer 7', userProperties });
  await drain(queue, { ...options(), quarantine: ossQuarantine(bucket) });
  const [key = ''] = await objects('quarantine/q/');
  const entry = JSON.parse(String((await bucket.getObject(key)).body));
  expect(entry).toMatchObject({
    messageGroupId: 'customer 7',
    userProperties: { text: 'x', count: 3, isNew: true, bytes: { base64: 'AP8=' } },
  });
});
