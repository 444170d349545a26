import { expect, it } from 'vitest';
import { crc64 } from '#src/oss/bucket/crc64';
import { putOnce } from '#src/oss/bucket/put-once';
import { localOss } from '../local-oss.ts';
import { behindProxy } from '../upload/behind-proxy.ts';

it('stores once, and tells the same bytes from others', async () => {
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

it('knows an object as its own whose answer got lost', async () => {
  let puts = 0;
  const { client } = await behindProxy(async ({ method, forward, request }) => {
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
