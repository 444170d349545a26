import { createHash } from 'node:crypto';
import { httpEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/oss-uploader';
import { calledDirectly, localCloud } from '#test/local-cloud';

const parsed = (body: string | undefined) => JSON.parse(body ?? '');
const put = (path: string, body: string | Buffer, type?: string) =>
  httpEvent({ method: 'PUT', path, body, ...(type && { headers: { 'Content-Type': type } }) });

it('stores the body under uploads/ and answers 201 with key, size, ETag and checksum', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const response = await handler(put('/a/包裹.txt', 'Hello <&>', 'text/plain'), context);
  expect(response.statusCode).toBe(201);
  expect(parsed(response.body)).toEqual({
    key: 'uploads/a/包裹.txt',
    size: 9,
    contentType: 'text/plain',
    eTag: createHash('md5').update('Hello <&>').digest('hex').toUpperCase(),
    crc64: expect.stringMatching(/^\d+$/),
  });
  expect(await cloud.bucket().objects('uploads/')).toEqual({ 'uploads/a/包裹.txt': 'Hello <&>' });
});

it('does the same as a bundle, with bytes that are no text', async () => {
  const cloud = await localCloud();
  const bytes = Buffer.from('89504e470d0a1a0a00fffe', 'hex');
  const url = `${cloud.function('oss-uploader').url}photo.png`;
  const response = await fetch(url, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': 'image/png' },
  });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({
    key: 'uploads/photo.png',
    size: 11,
    contentType: 'image/png',
    eTag: createHash('md5').update(bytes).digest('hex').toUpperCase(),
  });
});

it.each(['/', '/../orders/x.json', '/a//b'])(
  'answers 400 to the path %j and stores nothing',
  async (path) => {
    const { cloud, context } = await calledDirectly('oss-uploader');
    const response = await handler(put(path, 'x'), context);
    expect([response.statusCode, parsed(response.body).error.code]).toEqual([
      400,
      'InvalidObjectKey',
    ]);
    expect(await cloud.bucket().objects('')).toEqual({});
  },
);

it('answers 409 rather than overwriting an object', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  await handler(put('/x', 'first'), context);
  const response = await handler(put('/x', 'second'), context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([409, 'ObjectConflict']);
  expect(await cloud.bucket().objects('')).toEqual({ 'uploads/x': 'first' });
});

it('answers a request that is sent again as it answered the first', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const first = await handler(put('/x', 'same'), context);
  expect(await handler(put('/x', 'same'), context)).toEqual(first);
  expect(first.statusCode).toBe(201);
  expect(await cloud.bucket().objects('')).toEqual({ 'uploads/x': 'same' });
});

it('stores bytes that are declared as nothing as what they are', async () => {
  const { context } = await calledDirectly('oss-uploader');
  const response = await handler(put('/a', Buffer.from('%PDF-1.7')), context);
  expect(parsed(response.body)).toMatchObject({ size: 8, contentType: 'application/pdf' });
});

it('answers 415 to a script that is declared as a picture, and stores nothing', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const response = await handler(put('/a.png', '<script>alert(1)</script>', 'image/png'), context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([
    415,
    'UnsupportedMediaType',
  ]);
  expect(await cloud.bucket().objects('')).toEqual({});
});

it('answers 413 to more than 16 MB', async () => {
  const { context } = await calledDirectly('oss-uploader');
  const response = await handler(put('/a', Buffer.alloc(16 * 1024 * 1024 + 1)), context);
  expect(response.statusCode).toBe(413);
});
