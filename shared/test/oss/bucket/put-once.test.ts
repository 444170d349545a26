import { expect, it } from 'vitest';
import { crc64 } from '#src/oss/bucket/crc64';
import { putOnce } from '#src/oss/bucket/put-once';
import { localOss } from '../local-oss.ts';
import { throughProxy } from '../upload/through-proxy.ts';

it('stores once, and distinguishes the same bytes from others', async () => {
  const { client, stored } = await localOss();
  const first = await putOnce(client, 'key', 'bytes', 'text/plain');
  expect(first).toMatchObject({ outcome: 'stored', crc64: await crc64(Buffer.from('bytes')) });
  const again = await putOnce(client, 'key', Buffer.from('bytes'), 'text/plain');
  expect(again).toEqual({ ...first, outcome: 'already-stored' });
  await expect(putOnce(client, 'key', 'others', 'text/plain')).rejects.toMatchObject({
    code: 'ObjectConflict',
  });
  expect(String(await stored('key'))).toBe('bytes');
});

it('recognises its own object whose answer was lost', async () => {
  let puts = 0;
  const { client } = await throughProxy(async ({ method, forward, request }) => {
    if (method !== 'PUT' || puts++ > 0) return false;
    await forward();
    request.socket.destroy();
    return true;
  });
  expect(await putOnce(client, 'key', 'bytes', 'text/plain')).toMatchObject({
    outcome: 'already-stored',
  });
  expect(puts).toBe(2);
});

it('recognises the same bytes by their CRC-64 if encryption gives the object another ETag', async () => {
  const { client } = await localOss();
  await putOnce(client, 'key', 'content', 'text/plain');
  const head = client.headObject.bind(client);
  client.headObject = async (key) => ({ ...(await head(key)), eTag: '0'.repeat(32) });
  expect(await putOnce(client, 'key', 'content', 'text/plain')).toMatchObject({
    outcome: 'already-stored',
    eTag: '0'.repeat(32),
  });
  await expect(putOnce(client, 'key', 'other', 'text/plain')).rejects.toMatchObject({
    code: 'ObjectConflict',
  });
});

it('compares the ETag of an object that has no CRC-64', async () => {
  const { client } = await localOss();
  await putOnce(client, 'key', 'content', 'text/plain');
  const head = client.headObject.bind(client);
  client.headObject = async (key) => ({ ...(await head(key)), crc64: undefined });
  expect(await putOnce(client, 'key', 'content', 'text/plain')).toMatchObject({
    outcome: 'already-stored',
  });
  await expect(putOnce(client, 'key', 'other', 'text/plain')).rejects.toMatchObject({
    code: 'ObjectConflict',
  });
});
