import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selectObjects } from '#src/oss/archive/objects';
import { eventObject } from '#src/oss/event-object';
import { sweepObjects, sweepUploads } from '#src/oss/sweep';
import { upload } from '#src/oss/upload/upload';
import { OWNER } from '#test/local-account';
import { BUCKET, clientOf, localOss } from '../local-oss.ts';

const ODD = ['a\u0004b', 'a\rb\n', ' ', '+ %2B & <大>', '\ufffe', 'c//d', '...', 'x/.y/..z'];
const DOTS = ['.', '..', './x', '../x', 'a/./b', 'a/../b', 'a/.', 'a/..'];

const later = () => Date.now() + 48 * 60 * 60_000;
const sweeping = { prefix: '', minAgeMs: 1, deadline: { remaining: () => 60_000 } };

describe.each(ODD)('the key %j', (key) => {
  it('is put, read, listed, found in an event and swept', async () => {
    const { client } = await localOss();
    const { eTag } = await client.putObject(key, 'x');
    expect(String((await client.getObject(key)).body)).toBe('x');
    expect((await client.listObjects()).objects.map((one) => one.key)).toEqual([key]);
    const sent = encodeURIComponent(key);
    expect((await eventObject(client, { key: sent, eTag }, ''))?.key).toBe(key);
    expect(await sweepObjects(client, { ...sweeping, now: later() })).toEqual({
      removed: 1,
      failed: 0,
      finished: true,
    });
    expect((await client.listObjects()).objects).toEqual([]);
  });

  it('is NoSuchKey if no object has it', async () => {
    const { client } = await localOss();
    const missing = { code: 'NoSuchKey', status: 404, retryable: false };
    await expect(client.getObject(key)).rejects.toMatchObject(missing);
    await expect(client.headObject(key)).rejects.toMatchObject(missing);
  });

  it('is uploaded in parts, and leaves none of them', async () => {
    const { client } = await localOss();
    const bytes = Buffer.alloc(250 * 1024, 1);
    await upload(client, key, bytes, { partSize: 100 * 1024 });
    expect((await client.headObject(key)).size).toBe(bytes.length);
    expect(await sweepUploads(client, { ...sweeping, now: later() })).toMatchObject({ removed: 0 });
  });
});

it('lists pages, prefixes and what comes after a key, whatever their characters', async () => {
  const { client } = await localOss();
  const keys = ['a\u0001/x', 'a\u0002/y', 'b +/z'];
  for (const key of keys) await client.putObject(key, 'x');
  expect((await client.listObjects({ delimiter: '/' })).prefixes).toEqual([
    'a\u0001/',
    'a\u0002/',
    'b +/',
  ]);
  const { objects, nextToken = '' } = await client.listObjects({ max: 1 });
  const rest = await client.listObjects({ token: nextToken });
  expect([...objects, ...rest.objects].map(({ key }) => key)).toEqual(keys);
  const after = await client.listObjects({ startAfter: 'a\u0001/x', prefix: 'a' });
  expect(after.objects.map(({ key }) => key)).toEqual(['a\u0002/y']);
});

describe.each(DOTS)('the key %j, which no address can carry,', (key) => {
  it('is refused before anything is sent', async () => {
    const client = clientOf('http://127.0.0.1:1');
    const refused = {
      name: 'InvalidInputError',
      code: 'InvalidObjectKey',
      message: expect.stringMatching(/segment of dots/),
    };
    for (const attempt of [
      () => client.putObject(key, 'x'),
      () => client.getObject(key),
      () => client.getObjectStream(key),
      () => client.headObject(key),
      () => client.deleteObject(key),
      () => upload(client, key, Buffer.from('x')),
    ])
      await expect(attempt()).rejects.toMatchObject(refused);
  });

  it('finds no object for an event, encoded or not', async () => {
    const { client } = await localOss();
    for (const sent of [key, encodeURIComponent(key), encodeURI(key)])
      expect(await eventObject(client, { key: sent, eTag: '' }, '')).toBeUndefined();
    expect(
      await eventObject(client, { key: encodeURIComponent(key), eTag: '' }, ''),
    ).toBeUndefined();
  });
});

it('is skipped with a warning when another client has stored an object under it', async () => {
  const { client, cloud } = await localOss();
  await client.putObject('in/a', 'x');
  // By a form, whose key is not part of an address.
  const policy = Buffer.from(
    JSON.stringify({ expiration: '2999-01-01T00:00:00Z', conditions: [{ bucket: BUCKET }] }),
  ).toString('base64');
  for (const key of ['in/./b', 'in/../c']) {
    const form = new FormData();
    const signature = createHmac('sha1', OWNER.accessKeySecret).update(policy).digest('base64');
    for (const [name, value] of Object.entries({
      key,
      policy,
      OSSAccessKeyId: OWNER.accessKeyId,
      Signature: signature,
    }))
      form.append(name, value);
    form.append('file', new Blob(['x']), 'f');
    const { status } = await fetch(`${cloud.oss.url}/${BUCKET}`, { method: 'POST', body: form });
    expect(status).toBe(204);
  }
  const listed = await client.listObjects();
  expect(listed.objects.map(({ key }) => key).toSorted()).toEqual(['in/../c', 'in/./b', 'in/a']);

  const { objects, skipped } = await selectObjects(client, { prefix: 'in/' });
  expect(objects.map(({ key }) => key)).toEqual(['in/a']);
  expect(skipped).toEqual([
    { key: 'in/../c', code: 'InvalidObjectKey' },
    { key: 'in/./b', code: 'InvalidObjectKey' },
  ]);

  const warnings: unknown[] = [];
  const log = { warn: (fields: unknown) => void warnings.push(fields) };
  const report = await sweepObjects(client, { ...sweeping, prefix: 'in/', now: later(), log });
  expect(report).toEqual({ removed: 1, failed: 0, finished: true, skipped: 2 });
  expect(warnings).toEqual([{ key: 'in/../c' }, { key: 'in/./b' }]);
});
