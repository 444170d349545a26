import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readObject } from '#src/oss/bucket/read-object';
import { localOss } from '../local-oss.ts';

const KEY = 'a.txt';
const MEBIBYTE = 1024 * 1024;

it('reads an object of as many bytes as are allowed, and refuses one of one more', async () => {
  const { client } = await localOss();
  await client.putObject(KEY, 'ten bytes.');
  expect(String(await readObject(client, KEY, { maxBytes: 10 }))).toBe('ten bytes.');
  await expect(readObject(client, KEY, { maxBytes: 9 })).rejects.toMatchObject({
    name: 'AppError',
    code: 'ObjectTooLarge',
  });
});

it('reads no object at all for one that is not there', async () => {
  const { client } = await localOss();
  await expect(readObject(client, KEY, { maxBytes: 9 })).rejects.toMatchObject({
    code: 'NoSuchKey',
  });
});

it('unpacks as much as is allowed, and no more', async () => {
  const { client } = await localOss();
  const headers = { 'Content-Encoding': 'gzip' };
  await client.putObject(KEY, gzipSync(Buffer.alloc(MEBIBYTE)), { headers });
  expect(await readObject(client, KEY, { maxBytes: MEBIBYTE })).toHaveLength(MEBIBYTE);
  await expect(readObject(client, KEY, { maxBytes: MEBIBYTE - 1 })).rejects.toMatchObject({
    code: 'ObjectTooLarge',
  });
});

it.each(['gzip', 'deflate'])(
  'does not call content that is no %s a failure that may pass',
  async (encoding) => {
    const { client } = await localOss();
    await client.putObject(KEY, 'no such thing', { headers: { 'Content-Encoding': encoding } });
    const refused = { name: 'ServiceError', code: 'UnexpectedAnswer', retryable: false };
    await expect(readObject(client, KEY, { maxBytes: 99 })).rejects.toMatchObject(refused);
    await expect(client.getObject(KEY)).rejects.toMatchObject(refused);
  },
);

it('gives what is labelled identity as it is', async () => {
  const { client } = await localOss();
  await client.putObject(KEY, 'plain', { headers: { 'Content-Encoding': 'identity' } });
  expect(String(await readObject(client, KEY, { maxBytes: 5 }))).toBe('plain');
});
