import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { contentTypeOf } from '#src/oss/content-type';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a46', 'hex');
const WEBP = Buffer.from('RIFF\0\0\0\0WEBPVP8 ');
const ZIP = Buffer.from('504b03041400', 'hex');
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

it.each([
  [PNG, 'image/png'],
  [JPEG, 'image/jpeg'],
  [WEBP, 'image/webp'],
  [Buffer.from('RIFF\0\0\0\0WAVEfmt '), 'audio/wav'],
  [Buffer.from('\0\0\0 ftypisom'), 'video/mp4'],
  [Buffer.from('\0\0\0 ftypavif'), 'image/avif'],
  [Buffer.from('%PDF-1.7'), 'application/pdf'],
  [gzipSync('x'), 'application/gzip'],
  [ZIP, 'application/zip'],
  [Buffer.from('\ufeff \n<!-- hello --><HTML lang="en">'), 'text/html'],
  [Buffer.from('<?xml version="1.0"?>\n<svg xmlns="x">'), 'image/svg+xml'],
  [Buffer.from('any text'), 'application/octet-stream'],
  [Buffer.alloc(0), 'application/octet-stream'],
])('recognises undeclared %j by its bytes: %s', (content, type) => {
  expect(contentTypeOf(undefined, content)).toBe(type);
  expect(contentTypeOf('application/octet-stream', content)).toBe(type);
});

it.each([
  ['image/png', PNG],
  ['image/jpg', JPEG],
  ['Image/PNG; q=1', PNG],
  [DOCX, ZIP],
  ['text/plain; charset=utf-8', Buffer.from('any text')],
  ['application/json', Buffer.from('{}')],
  ['application/x-own', Buffer.from([1, 2, 3])],
  ['application/xml', Buffer.from('<?xml version="1.0"?>\n<order/>')],
  ['text/html', Buffer.from('<p>a part of a page')],
  ['application/vnd.api+json', Buffer.from('{}')],
  ['application/vnd.ms-excel', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ['video/quicktime', Buffer.from('\0\0\0\x08wide')],
  ['audio/mpeg', Buffer.from('fffb90640000', 'hex')],
  ['image/svg+xml', Buffer.from('<!DOCTYPE svg [\n<!ENTITY ns "x">\n]>\n<svg>')],
])('uses the declared type %s when the bytes do not contradict it', (declared, content) => {
  expect(contentTypeOf(declared, content)).toBe(declared);
});

it.each([
  ['image/png', JPEG, 'image/jpeg'],
  ['image/png', Buffer.from('<script>alert(1)</script>'), 'text/html'],
  ['image/png', Buffer.from('plain'), 'not'],
  ['image/png', Buffer.alloc(0), 'not'],
  ['text/plain', Buffer.from('<!DOCTYPE html>'), 'text/html'],
  ['application/x-own', ZIP, 'application/zip'],
  ['application/pdf', ZIP, 'application/zip'],
  ['application/xml', PNG, 'image/png'],
  [DOCX, Buffer.from('plain'), 'not'],
])('refuses %s for bytes that are something else', (declared, content, found) => {
  expect(() => contentTypeOf(declared, content)).toThrow(
    expect.objectContaining({
      name: 'InvalidInputError',
      code: 'UnsupportedMediaType',
      message: expect.stringContaining(`its bytes are ${found}`),
    }),
  );
});

it.each([
  ['comments', '<!---->'.repeat(140)],
  ['byte order marks', '\ufeff'.repeat(300)],
  ['white space', ' \n'.repeat(500)],
  ['declarations', '<?xml?>'.repeat(140)],
])('is not slowed down by a head full of %s', (_, head) => {
  expect(contentTypeOf(undefined, Buffer.from(`${head}x`))).toBe('application/octet-stream');
  expect(contentTypeOf(undefined, Buffer.from(`${head}<svg>`))).toBe('image/svg+xml');
});

it.each([
  'text/plain; charset="utf-8"',
  'text/plain;charset=iso-8859-1; format=flowed; delsp=yes',
  'video/x-own; codecs="vp9, opus"',
])('keeps the parameters of %s, which are known', (declared) => {
  expect(contentTypeOf(declared, Buffer.alloc(0))).toBe(declared);
});

it.each([
  'text/plain;x=y,text/html',
  'text/plain; charset=utf-8,text/html',
  'text/plain; charset=utf-8, text/html; charset=utf-8',
  'text/plain; x=y',
  'text/plain; charset="a;b"',
  'text/plain; charset="utf-8',
  'text/plain; charset',
  'text/plain;',
  'text/plain; __proto__=x',
  `text/plain; charset=${'x'.repeat(300)}`,
])('refuses %j, which has more than a type and known parameters', (declared) => {
  expect(() => contentTypeOf(declared, Buffer.from('any text'))).toThrow(
    expect.objectContaining({ code: 'UnsupportedMediaType', status: 415 }),
  );
});

it('quotes no more than the beginning of a declared type', () => {
  expect(() => contentTypeOf('x'.repeat(5_000_000), Buffer.alloc(0))).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^.{200,400}$/) }),
  );
});

it.each(['text/plain, text/html', 'text', 'text/', '/plain', 'te xt/plain', 'text/plain/html'])(
  'refuses %j, which is not a media type',
  (declared) => {
    expect(() => contentTypeOf(declared, Buffer.from('any text'))).toThrow(
      expect.objectContaining({ code: 'UnsupportedMediaType' }),
    );
  },
);
