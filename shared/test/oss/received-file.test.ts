import { expect, it } from 'vitest';
import { receivedFile } from '#src/oss/received-file';

const PNG = Buffer.from('89504e470d0a1a0a00fffe0d0a2d2d00', 'hex');

/** Makes a request with a form, as a browser sends it. */
async function formRequest(fill: (form: FormData) => void, path = '/') {
  const form = new FormData();
  fill(form);
  const { headers, body } = await asSent(form);
  return { path, headers, body };
}

async function asSent(form: FormData) {
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  return { headers: { 'content-type': type }, body: Buffer.from(await response.arrayBuffer()) };
}

/** Makes a request with a form written by hand. */
const written = (lines: string[], boundary = 'b') => ({
  path: '/',
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  body: Buffer.from(lines.join('\r\n')),
});

const png = (name = 'a.png') => new File([PNG], name, { type: 'image/png' });

it('returns a body unchanged, with the path and the declared type', async () => {
  const headers = { 'content-type': 'image/png' };
  expect(await receivedFile({ path: '/a.png', headers, body: PNG })).toEqual({
    path: '/a.png',
    content: PNG,
    contentType: 'image/png',
  });
});

it.each([
  ['/', '/包裹 1.png'],
  ['/other.png', '/包裹 1.png'],
  ['/2026/', '/2026/包裹 1.png'],
])(
  'gives the one file of a form sent to %s under its own name, with its own type',
  async (path, expected) => {
    const request = await formRequest((form) => {
      form.append('note', 'not a file');
      form.append('file', png('包裹 1.png'));
    }, path);
    expect(await receivedFile(request)).toEqual({
      path: expected,
      content: PNG,
      contentType: 'image/png',
    });
  },
);

it('accepts a short boundary, and an empty file', async () => {
  const disposition = 'Content-Disposition: form-data; name="f"; filename="e.txt"';
  const request = written(['--b', disposition, 'Content-Type: text/plain', '', '', '--b--', '']);
  expect(await receivedFile(request)).toEqual({
    path: '/e.txt',
    content: Buffer.alloc(0),
    contentType: 'text/plain',
  });
});

it.each<[string, (form: FormData) => void]>([
  ['no file', (form) => form.append('note', 'x')],
  ['a file field that was left empty', (form) => form.append('file', new File([], ''))],
  [
    'two files',
    (form) => {
      form.append('a', png());
      form.append('b', png('b.png'));
    },
  ],
  [
    'more fields than are read',
    (form) => {
      for (let n = 0; n < 200; n++) form.append(`n${n}`, 'x');
      form.append('file', png());
    },
  ],
])('refuses a form with %s', async (_, fill) => {
  await expect(receivedFile(await formRequest(fill))).rejects.toMatchObject({
    code: 'InvalidForm',
    status: 400,
  });
});

const FILE = ['--b', 'Content-Disposition: form-data; name="f"; filename="a.txt"'];

it.each([
  ['breaks off in a file', written([...FILE, '', 'half'])],
  ['breaks off in a head', written(['--b', 'Content-Disp'])],
  ['is empty', written([])],
  ['has another boundary', written([...FILE, '', 'x', '--b--', ''], 'other')],
  ['names no boundary', { ...written([]), headers: { 'content-type': 'multipart/form-data' } }],
  [
    'has a file in base64',
    written([...FILE, 'Content-Transfer-Encoding: base64', '', 'eA==', '--b--', '']),
  ],
])('refuses a form that %s', async (_, request) => {
  await expect(receivedFile(request)).rejects.toMatchObject({ code: 'InvalidForm', status: 400 });
});

it('keeps the path in a name, for objectKey to refuse', async () => {
  const request = await formRequest((form) => form.append('file', png('../orders/x.png')));
  expect((await receivedFile(request)).path).toBe('/../orders/x.png');
});

it('refuses what curl -d declares, and says how to send a file', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const received = receivedFile({ path: '/a', headers, body: Buffer.from('a=b') });
  await expect(received).rejects.toMatchObject({
    code: 'UnsupportedMediaType',
    status: 415,
    remedy: expect.stringContaining('curl -T'),
  });
});

it('refuses a body that is declared as compressed, and names that', async () => {
  const headers = { 'content-encoding': 'gzip', 'content-type': 'image/png' };
  await expect(receivedFile({ path: '/a', headers, body: PNG })).rejects.toMatchObject({
    status: 415,
    message: expect.stringContaining('Content-Encoding of the request is "gzip"'),
  });
});

const HTML = Buffer.from('<!doctype html><p>x');

it.each<[string, string[], Buffer, string | undefined]>([
  ['a text', [], Buffer.from('Grüße'), 'text/plain'],
  ['nothing', [], Buffer.alloc(0), 'text/plain'],
  ['a picture', [], PNG, undefined],
  ['a page', [], HTML, undefined],
  ['bytes that are no text', [], Buffer.from([0xff, 0xfe, 0x41]), undefined],
  ['a picture that is declared as text', ['Content-Type: text/plain'], PNG, 'text/plain'],
  ['a picture whose type is empty', ['Content-Type: '], PNG, undefined],
  ['a page that is', ['content-type:  text/plain; charset=utf-8'], HTML, 'text/plain'],
])(
  'takes for the type of a part without one, when it has %s, what its bytes say',
  async (_, head, content, type) => {
    const other = ['--b', 'Content-Disposition: form-data; name="n"', '', 'x'];
    const empty = ['--b', 'Content-Disposition: form-data; name="e"; filename=""', '', ''];
    const request = written([...other, ...empty, ...FILE, ...head, '', '\u0000', '--b--', '']);
    const [before = '', after = ''] = request.body.toString().split('\u0000');
    const body = Buffer.concat([Buffer.from(before), content, Buffer.from(after)]);
    expect(await receivedFile({ ...request, body })).toEqual({
      path: '/a.txt',
      content,
      contentType: type,
    });
  },
);

it.each([
  ['a field with a file name in its name', 'form-data; name="x; filename=y"'],
  ['an attachment, which is no part of a form', 'attachment; filename="y"'],
])('takes for the type of a part what it declares, after %s', async (_, disposition) => {
  const before = ['--b', `Content-Disposition: ${disposition}`, '', 'x'];
  const request = written([
    ...before,
    ...FILE,
    'Content-Type: text/plain',
    '',
    '<html>',
    '--b--',
    '',
  ]);
  expect((await receivedFile(request)).contentType).toBe('text/plain');
});
