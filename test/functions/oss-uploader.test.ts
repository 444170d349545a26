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

it('does the same as a bundle, with bytes that are not text', async () => {
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

it('gives a repeated request the answer to the first', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const first = await handler(put('/x', 'same'), context);
  expect(await handler(put('/x', 'same'), context)).toEqual(first);
  expect(first.statusCode).toBe(201);
  expect(await cloud.bucket().objects('')).toEqual({ 'uploads/x': 'same' });
});

it('stores undeclared bytes with the type that they show', async () => {
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

const PNG = Buffer.from('89504e470d0a1a0a00fffe', 'hex');

/** Makes an event with a form of these files, as a browser or curl -F sends it. */
async function formEvent(path: string, ...files: File[]) {
  const form = new FormData();
  form.append('note', 'x');
  for (const file of files) form.append('file', file);
  const sent = new Response(form);
  const headers = { 'Content-Type': sent.headers.get('content-type') ?? '' };
  return httpEvent({ path, headers, body: Buffer.from(await sent.arrayBuffer()) });
}

it('stores the one file of a form under its own name, and not the form', async () => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const event = await formEvent('/', new File([PNG], '包裹.png', { type: 'image/png' }));
  const response = await handler(event, context);
  expect([response.statusCode, parsed(response.body)]).toEqual([
    201,
    expect.objectContaining({ key: 'uploads/包裹.png', size: 11, contentType: 'image/png' }),
  ]);
  expect((await cloud.bucket().object('uploads/包裹.png')).body).toEqual(PNG);
});

it('does the same with a form as a bundle', async () => {
  const cloud = await localCloud();
  const form = new FormData();
  form.append('file', new File([PNG], 'a.png', { type: 'image/png' }));
  const { url } = cloud.function('oss-uploader');
  const response = await fetch(url, { method: 'POST', body: form });
  expect([response.status, await response.json()]).toMatchObject([201, { key: 'uploads/a.png' }]);
});

it.each([
  ['no file', 400, 'InvalidForm', () => formEvent('/')],
  [
    'two files',
    400,
    'InvalidForm',
    () => formEvent('/', new File(['a'], 'a.txt'), new File(['b'], 'b.txt')),
  ],
  [
    'a page declared as a picture',
    415,
    'UnsupportedMediaType',
    () => formEvent('/', new File(['<html>'], 'a.png', { type: 'image/png' })),
  ],
  [
    'a name that steps out of uploads/',
    400,
    'InvalidObjectKey',
    () => formEvent('/', new File(['x'], '../orders/x.txt', { type: 'text/plain' })),
  ],
])('refuses a form with %s, and stores nothing', async (_, status, code, event) => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const response = await handler(await event(), context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([status, code]);
  expect(await cloud.bucket().objects('')).toEqual({});
});

it.each([
  ['what curl -d declares', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
  ['what is declared as compressed', { 'Content-Encoding': 'gzip' }, 415],
  ['a second type in a parameter', { 'Content-Type': 'text/plain;x=y,text/html' }, 415],
  ['another Content-MD5', { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }, 400],
])('refuses %s, and stores nothing', async (_, headers, status) => {
  const { cloud, context } = await calledDirectly('oss-uploader');
  const response = await handler(httpEvent({ path: '/a', headers, body: 'text' }), context);
  expect(response.statusCode).toBe(status);
  expect(response.body).toMatch(/Content-(MD5|Encoding)|[Cc]ontent type/);
  expect(await cloud.bucket().objects('')).toEqual({});
});
