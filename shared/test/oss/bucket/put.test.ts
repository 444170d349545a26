import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crc64 } from '#src/oss/bucket/crc64';
import { localOss } from '../local-oss.ts';

describe('putObject', () => {
  const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
  const bodies = {
    'a string': ['text with 中文 and 😀', Buffer.from('text with 中文 and 😀')],
    'a Buffer': [bytes, bytes],
    'a Uint8Array': [new Uint8Array(bytes), bytes],
    'a view into a larger buffer': [
      new Uint8Array(bytes.buffer, bytes.byteOffset + 2, 3),
      bytes.subarray(2, 5),
    ],
    nothing: ['', Buffer.alloc(0)],
  } as const;
  for (const [what, [body, content]] of Object.entries(bodies)) {
    it(`stores ${what}`, async () => {
      const { client, stored } = await localOss();
      const result = await client.putObject('key', body);
      expect(await stored('key')).toEqual(Buffer.from(content));
      expect(result).toEqual({
        eTag: createHash('md5').update(content).digest('hex').toUpperCase(),
        crc64: await crc64(content),
        requestId: expect.stringMatching(/^[0-9A-F]{24}$/),
      });
    });
  }

  it('never reads a string as the path of a file', async () => {
    const { client, stored } = await localOss();
    const path = fileURLToPath(import.meta.url);
    await client.putObject('key', path);
    expect(String(await stored('key'))).toBe(path);
  });

  it('stores under keys with any character', async () => {
    const { client } = await localOss();
    for (const key of ['a b+c%2F&?#=.txt', "it's (1)!*~", '中文/😀.txt', 'a//b/', '.hidden']) {
      await client.putObject(key, key);
      expect(String((await client.getObject(key)).body)).toBe(key);
    }
  });

  it('refuses keys that OSS does not accept, or that ali-oss would change', async () => {
    const { client } = await localOss();
    for (const key of ['', '/a', '\\a', 'a'.repeat(1024), '中'.repeat(342), 'half \ud83d'])
      for (const attempt of [() => client.putObject(key, 'x'), () => client.deleteObject(key)])
        await expect(attempt()).rejects.toMatchObject({
          name: 'InvalidInputError',
          code: 'InvalidObjectKey',
        });
  });

  it('sends content type, headers and metadata', async () => {
    const { client } = await localOss();
    await client.putObject('key', 'x', {
      contentType: 'text/plain; charset=utf-8',
      headers: { 'Cache-Control': 'no-cache' },
      metadata: { 'order-id': 'A 1' },
    });
    expect(await client.headObject('key')).toMatchObject({
      contentType: 'text/plain; charset=utf-8',
      metadata: { 'order-id': 'A 1' },
      size: 1,
    });
  });

  it('derives the content type from the key when it is not given', async () => {
    const { client } = await localOss();
    await client.putObject('photo.jpg', 'x');
    expect(await client.headObject('photo.jpg')).toMatchObject({ contentType: 'image/jpeg' });
  });

  it('refuses headers that HTTP cannot carry', async () => {
    const { client } = await localOss();
    for (const options of [
      { contentType: 'text/plain\r\nX-Injected: yes' },
      { metadata: { name: '中文' } },
      { metadata: { 'a b': 'x' } },
    ])
      await expect(client.putObject('key', 'x', options)).rejects.toMatchObject({
        name: 'InvalidInputError',
        code: 'InvalidHeader',
      });
  });

  it('replaces an object, and does not when that is forbidden', async () => {
    const { client, stored } = await localOss();
    await client.putObject('key', 'first');
    await client.putObject('key', 'second');
    await expect(client.putObject('key', 'third', { forbidOverwrite: true })).rejects.toMatchObject(
      {
        name: 'ServiceError',
        service: 'oss',
        code: 'FileAlreadyExists',
        status: 409,
        retryable: false,
      },
    );
    expect(String(await stored('key'))).toBe('second');
  });
});
