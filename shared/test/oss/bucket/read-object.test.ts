import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readObject } from '#src/oss/bucket/read-object';
import { localOss } from '../local-oss.ts';

const KEY = 'a.txt';
const MEBIBYTE = 1024 * 1024;

it('reads an object of the maximum size, and refuses one with one byte more', async () => {
  const { client } = await localOss();
  await client.putObject(KEY, 'ten bytes.');
  expect(String(await readObject(client, KEY, { maxBytes: 10 }))).toBe('ten bytes.');
  await expect(readObject(client, KEY, { maxBytes: 9 })).rejects.toMatchObject({
    name: 'AppError',
    code: 'ObjectTooLarge',
  });
});

it('rejects for an object that does not exist', async () => {
  const { client } = await localOss();
  await expect(readObject(client, KEY, { maxBytes: 9 })).rejects.toMatchObject({
    code: 'NoSuchKey',
  });
});

it('unpacks up to the maximum, and no more', async () => {
  const { client } = await localOss();
  const headers = { 'Content-Encoding': 'gzip' };
  await client.putObject(KEY, gzipSync(Buffer.alloc(MEBIBYTE)), { headers });
  expect(await readObject(client, KEY, { maxBytes: MEBIBYTE })).toHaveLength(MEBIBYTE);
  await expect(readObject(client, KEY, { maxBytes: MEBIBYTE - 1 })).rejects.toMatchObject({
    code: 'ObjectTooLarge',
  });
});

it.each(['gzip', 'deflate', 'br', 'GZIP', 'Br'])(
  'reports content that is not %s as a failure that will not pass',
  async (encoding) => {
    const { client } = await localOss();
    await client.putObject(KEY, 'no such thing', { headers: { 'Content-Encoding': encoding } });
    const refused = { name: 'ServiceError', code: 'UnexpectedAnswer', retryable: false };
    await expect(readObject(client, KEY, { maxBytes: 99 })).rejects.toMatchObject(refused);
    await expect(client.getObject(KEY)).rejects.toMatchObject(refused);
  },
);

it('returns content labelled identity unchanged', async () => {
  const { client } = await localOss();
  await client.putObject(KEY, 'plain', { headers: { 'Content-Encoding': 'identity' } });
  expect(String(await readObject(client, KEY, { maxBytes: 5 }))).toBe('plain');
});

it.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['BR', brotliCompressSync],
])('unpacks %s with and without a limit', async (encoding, pack) => {
  const { client } = await localOss();
  const headers = { 'Content-Encoding': encoding };
  await client.putObject(KEY, pack('hello, hello'), { headers });
  const bodies = [await client.getObject(KEY), await client.getObject(KEY, { maxBytes: 12 })];
  expect(bodies.map(({ body, size }) => [String(body), size])).toEqual(
    Array(2).fill(['hello, hello', 12]),
  );
  await expect(client.getObject(KEY, { maxBytes: 11 })).rejects.toMatchObject({
    code: 'ObjectTooLarge',
  });
  await client.putObject(KEY, pack(Buffer.alloc(MEBIBYTE)), { headers });
  await expect(client.getObject(KEY, { maxBytes: 2000 })).rejects.toMatchObject({
    code: 'ObjectTooLarge',
  });
});

it.each(['zstd', 'identity', 'gzip, br', 'utf-8'])(
  'returns content labelled %s as stored, with and without a limit',
  async (encoding) => {
    const { client } = await localOss();
    await client.putObject(KEY, 'as it is', { headers: { 'Content-Encoding': encoding } });
    for (const options of [{}, { maxBytes: 8 }]) {
      const { body, contentEncoding } = await client.getObject(KEY, options);
      expect([String(body), contentEncoding]).toEqual(['as it is', encoding]);
    }
  },
);

it.each(['gzip', 'br'])('reads an empty object that is labelled %s', async (encoding) => {
  const { client } = await localOss();
  await client.putObject(KEY, '', { headers: { 'Content-Encoding': encoding } });
  for (const options of [{}, { maxBytes: 0 }])
    expect((await client.getObject(KEY, options)).body).toHaveLength(0);
});
