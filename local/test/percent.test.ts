import { expect, it } from 'vitest';
import {
  percentDecode,
  percentDecodeBytes,
  percentDecodeOrKeep,
  percentEncode,
  percentEncodeBytes,
} from '#src/percent';

const EVERY_BYTE = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));

it('leaves letters, digits and - . _ ~ as they are, and nothing else', () => {
  const kept = [...EVERY_BYTE].filter((byte) => percentEncodeBytes(byte) === byte).join('');
  expect(kept).toBe('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~');
});

it('encodes text as it encodes its bytes', () => {
  const text = `${EVERY_BYTE}\u{1F600}`;
  expect(percentEncode(text)).toBe(percentEncodeBytes(Buffer.from(text).toString('latin1')));
});

it('returns the original text', () => {
  expect(percentDecodeBytes(percentEncodeBytes(EVERY_BYTE))).toBe(EVERY_BYTE);
  expect(percentDecode(percentEncode('a/b c+é'))).toBe('a/b c+é');
});

it.each(['%', '%4', '%zz', 'a%%41'])('does not decode %s', (text) => {
  expect([percentDecode(text), percentDecodeBytes(text)]).toEqual([undefined, undefined]);
  expect(percentDecodeOrKeep(text)).toBe(text);
});

it('decodes bytes that are not UTF-8 as bytes alone', () => {
  expect([percentDecode('%ff'), percentDecodeBytes('%ff')]).toEqual([undefined, '\xff']);
});
