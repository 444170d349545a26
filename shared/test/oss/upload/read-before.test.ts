import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { UploadSource } from '#src/oss/upload/types';
import { upload } from '#src/oss/upload/upload';
import { localOss } from '../local-oss.ts';

const REFUSED = { name: 'InvalidInputError', code: 'InvalidSource' };

/** Returns a web stream, such as the body of a fetch. */
const webStream = () => new Response('content').body as ReadableStream<Uint8Array>;

const SOURCES: [string, () => Promise<UploadSource>][] = [
  [
    'a stream that was read to its end',
    async () => {
      const stream = Readable.from([Buffer.from('content')]);
      await stream.resume().toArray();
      return stream;
    },
  ],
  [
    'a stream whose beginning was read',
    async () => {
      const stream = new PassThrough();
      stream.end('content');
      await once(stream, 'readable');
      stream.read(3);
      return stream;
    },
  ],
  ['a stream that was destroyed', async () => Readable.from([Buffer.from('x')]).destroy()],
  [
    'a web stream that was read',
    async () => {
      const stream = webStream();
      for await (const _ of stream);
      return stream;
    },
  ],
  [
    'a web stream that another reads',
    async () => {
      const stream = webStream();
      stream.getReader();
      return stream;
    },
  ],
];

it.each(SOURCES)('refuses %s rather than store the rest of it', async (_, source) => {
  const { client } = await localOss();
  await expect(upload(client, 'key', await source())).rejects.toMatchObject(REFUSED);
  expect((await client.listObjects()).objects).toEqual([]);
});

it('accepts an unread web stream', async () => {
  const { client } = await localOss();
  expect(await upload(client, 'key', webStream())).toMatchObject({ size: 7 });
});
